"""The Hôtel de la Falaise in Étretat, an establishment of claire."""

from decimal import Decimal

from rooms.demo.records import Establishment, Photo, Room

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
