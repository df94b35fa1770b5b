"""The Chalet du Lac in Annecy, an establishment of marc."""

from decimal import Decimal

from rooms.demo.records import Establishment, Photo, Room

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
