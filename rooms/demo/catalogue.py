"""The data of the demonstration: owners, establishments, rooms, photos. Plain data, no Django."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

PHOTOS: Final = Path(__file__).with_name("photos")


@dataclass(frozen=True)
class Photo:
    """A file in `photos/`, and the caption that its room's owner gives it."""

    file: str
    caption: str

    @property
    def path(self) -> Path:
        return PHOTOS / self.file


@dataclass(frozen=True)
class Room:
    """A room as its owner would describe it."""

    name: str
    number: str
    kind: str  # single, double, twin, family, suite, dormitory or apartment
    capacity: int
    beds: str
    surface_m2: int
    price_night: Decimal
    description: str
    published: bool
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True)
class Establishment:
    """A hotel or a guesthouse, and the username of its owner."""

    name: str
    city: str
    owner: str
    rooms: tuple[Room, ...]


HOTEL = Establishment(
    name="Hôtel de la Falaise",
    city="Étretat",
    owner="claire",
    rooms=(
        Room(
            "Suite Aiguille",
            "31",
            "suite",
            3,
            "1 lit double 180, 1 lit de 120",
            42,
            Decimal("245.00"),
            "Au dernier étage, une suite d'angle face à l'arche et à l'aiguille. Le salon s'ouvre sur un "
            "balcon où le petit déjeuner peut être servi dès huit heures. La baignoire regarde la mer.",
            True,
            (
                Photo("bedroom-sea-1.webp", "La chambre, grand lit de 180 et vue sur la falaise"),
                Photo("balcony-sea-3.webp", "Le balcon privé face à l'aiguille d'Étretat"),
                Photo("lounge-sea-3.webp", "Le salon de la suite et sa bibliothèque"),
                Photo("bathroom-sea-3.webp", "La salle de bains et sa baignoire îlot"),
                Photo("breakfast-sea-0.webp", "Le petit déjeuner servi devant la fenêtre"),
                Photo("desk-sea-2.webp", "Le coin bureau, au calme"),
                Photo("single-sea-6.webp", "La petite chambre attenante, pour un enfant"),
                Photo("balcony-sea-8.webp", "La table du balcon, au-dessus de la plage"),
                Photo("pool-sea-0.webp", "La piscine de l'hôtel, chauffée de mai à septembre"),
                Photo("facade-sea-4.webp", "L'hôtel vu du jardin"),
            ),
        ),
        Room(
            "Chambre Manneporte",
            "22",
            "double",
            2,
            "1 lit double 160",
            21,
            Decimal("148.00"),
            "Une chambre claire au deuxième étage, avec une grande fenêtre sur la mer. "
            "Literie neuve, parquet ancien et bureau pour écrire ses cartes postales.",
            True,
            (
                Photo("bedroom-sea-9.webp", "Vue d'ensemble de la chambre"),
                Photo("desk-sea-5.webp", "Le bureau près de la fenêtre"),
                Photo("bathroom-sea-6.webp", "La salle de bains et son carrelage en damier"),
                Photo("breakfast-sea-6.webp", "Croissants du boulanger de la rue Monge"),
                Photo("facade-sea-6.webp", "La façade côté jardin"),
            ),
        ),
        Room(
            "Chambre Amont",
            "12",
            "twin",
            2,
            "2 lits simples 90",
            19,
            Decimal("129.00"),
            "Deux lits simples que nous pouvons rapprocher sur demande. La chambre donne sur "
            "la falaise d'Amont, le matin y est très lumineux.",
            True,
            (
                Photo("twin-sea-1.webp", "Les deux lits simples et la fenêtre sur la mer"),
                Photo("bathroom-sea-4.webp", "La douche à l'italienne"),
                Photo("garden-sea-2.webp", "Le jardin, à disposition des hôtes"),
            ),
        ),
        Room(
            "Chambre du Perrey",
            "03",
            "single",
            1,
            "1 lit de 120",
            13,
            Decimal("89.00"),
            "Une petite chambre au rez-de-chaussée pour les voyageurs seuls. "
            "Rénovée cet hiver, elle rouvre bientôt.",
            False,
            (Photo("single-sea-8.webp", "La chambre après les travaux"),),
        ),
    ),
)


MAS = Establishment(
    name="Le Mas des Oliviers",
    city="Saint-Rémy-de-Provence",
    owner="claire",
    rooms=(
        Room(
            "Chambre Lavande",
            "1",
            "double",
            2,
            "1 lit double 160",
            24,
            Decimal("135.00"),
            "Les murs de pierre gardent la fraîcheur et la fenêtre donne sur les champs. "
            "Le petit déjeuner est servi sous la treille, avec les confitures de la maison.",
            True,
            (
                Photo("bedroom-hills-1.webp", "La chambre et son mur de pierre"),
                Photo("bathroom-hills-2.webp", "La salle d'eau et sa grande douche"),
                Photo("breakfast-hills-1.webp", "Le petit déjeuner et les confitures maison"),
                Photo("pool-hills-4.webp", "La piscine au bout du jardin"),
                Photo("garden-hills-1.webp", "La table du jardin, à l'ombre de l'olivier"),
                Photo("facade-hills-8.webp", "Le mas et ses volets"),
            ),
        ),
        Room(
            "Suite des Alpilles",
            "2",
            "family",
            4,
            "1 lit double 160, 2 lits simples 90",
            38,
            Decimal("198.00"),
            "Deux chambres communicantes pour une famille, et une terrasse sur les collines. "
            "Un lit de bébé et une chaise haute sont prêtés sans supplément.",
            True,
            (
                Photo("bedroom-hills-7.webp", "La chambre des parents"),
                Photo("twin-hills-3.webp", "La chambre des enfants"),
                Photo("balcony-hills-5.webp", "La terrasse privée et les collines"),
                Photo("lounge-hills-4.webp", "Le salon commun et sa cheminée"),
                Photo("balcony-hills-2.webp", "La table de la terrasse"),
            ),
        ),
        Room(
            "Le Cabanon",
            "3",
            "apartment",
            3,
            "1 lit double 140, 1 lit simple 90",
            32,
            Decimal("165.00"),
            "Une petite maison indépendante au milieu des oliviers, avec sa cuisine et son jardin. "
            "Idéal pour une semaine au calme.",
            False,
        ),
    ),
)


CHALET = Establishment(
    name="Chalet du Lac",
    city="Annecy",
    owner="marc",
    rooms=(
        Room(
            "Chambre Semnoz",
            "101",
            "double",
            2,
            "1 lit double 180",
            22,
            Decimal("142.00"),
            "Un mur de vieux bois, un lit de 180 et le lac au réveil. La chambre est au premier étage, "
            "plein sud, avec un balcon partagé.",
            True,
            (
                Photo("bedroom-lake-2.webp", "La chambre et sa vue sur le lac"),
                Photo("desk-lake-2.webp", "Le bureau et l'étagère"),
                Photo("bathroom-lake-2.webp", "La salle de bains"),
                Photo("balcony-lake-2.webp", "Le balcon au-dessus de l'eau"),
                Photo("breakfast-lake-2.webp", "Le petit déjeuner du chalet"),
            ),
        ),
        Room(
            "Chambre Tournette",
            "102",
            "twin",
            2,
            "2 lits simples 90",
            20,
            Decimal("118.00"),
            "Deux lits simples sous les poutres, pour les amis qui partent marcher tôt. "
            "Un local à skis et à vélos est à disposition au rez-de-chaussée.",
            True,
            (
                Photo("twin-lake-1.webp", "Les deux lits et le mur de bois"),
                Photo("bathroom-lake-4.webp", "La salle de bains, le soir"),
                Photo("facade-lake-2.webp", "Le chalet depuis le jardin"),
            ),
        ),
        Room(
            "Appartement du Ponton",
            "201",
            "apartment",
            5,
            "2 lits doubles 160, 1 lit simple 90",
            64,
            Decimal("276.00"),
            "Le dernier étage : deux chambres, salon avec cheminée et une cuisine équipée. "
            "La terrasse fait face aux montagnes et le ponton est à cinquante mètres.",
            True,
            (
                Photo("lounge-lake-3.webp", "Le salon, sa cheminée et la vue sur le lac"),
                Photo("bedroom-lake-5.webp", "La première chambre"),
                Photo("bedroom-lake-8.webp", "La seconde chambre"),
                Photo("balcony-lake-5.webp", "La terrasse face aux montagnes"),
                Photo("bathroom-lake-5.webp", "La salle de bains"),
                Photo("garden-lake-2.webp", "Le jardin au bord du lac"),
                Photo("facade-lake-4.webp", "Le chalet en fin de journée"),
            ),
        ),
        Room(
            "Chambre Veyrier",
            "103",
            "single",
            1,
            "1 lit de 120",
            14,
            Decimal("92.00"),
            "Une chambre pour une personne, simple et gaie, côté forêt. Le petit déjeuner est compris.",
            True,
            (
                Photo("single-lake-2.webp", "La chambre"),
                Photo("desk-lake-7.webp", "Le coin bureau"),
            ),
        ),
    ),
)


OWNERS: tuple[str, ...] = ("claire", "marc")
STAFF = "equipe"
PASSWORD = "demo-chambres"  # noqa: S105  # printed for everyone who runs the demonstration

ESTABLISHMENTS: tuple[Establishment, ...] = (HOTEL, MAS, CHALET)


def every_room() -> list[Room]:
    return [room for establishment in ESTABLISHMENTS for room in establishment.rooms]


def every_photo() -> list[Photo]:
    return [photo for room in every_room() for photo in room.photos]
