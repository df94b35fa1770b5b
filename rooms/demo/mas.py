"""Le Mas des Oliviers in Provence, an establishment of claire."""

from decimal import Decimal

from rooms.demo.records import Establishment, Photo, Room

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
