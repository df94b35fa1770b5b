"""What a photo shows, guessed from its caption: a table in both languages."""

import pytest

from rooms.services.advice import guess_kind

TABLE = {
    "bathroom": (
        "Salle de bain", "salle de bains", "SALLE D’EAU", "La douche à l’italienne", "Douches communes",
        "Baignoire îlot", "WC séparés", "toilettes", "Double vasque", "Bathroom", "Walk-in shower",
        "bathtub", "En-suite", "Private toilet", "Salle de bain avec vue", "Sèche-serviettes",
    ),
    "bed": (
        "Lit double", "Lits jumeaux", "lit 160 cm", "Tête de lit en chêne", "Deux oreillers", "Canapé-lit",
        "King-size bed", "bunk beds", "Le lit et le bureau", "Four-poster bed", "Bed for four",
        "Lit de la chambre", "Sofa bed",
    ),
    "view": (
        "Vue", "vue sur le lac", "Vue du balcon", "Panorama", "View from the room", "Sea view",
        "Vues sur les Alpes",
    ),
    "balcony": (
        "Balcon", "Balcon avec vue", "Salon de jardin sur la terrasse", "Grande terrasse", "Terrace",
        "Balconies", "Loggia", "deck",
    ),
    "kitchen": (
        "Cuisine équipée", "Kitchenette", "Coin cuisine", "Plaques de cuisson", "Réfrigérateur", "Kitchen",
        "Fridge and oven", "Four à micro-ondes", "Plan de travail", "Évier",
    ),
    "living": (
        "Salon", "Séjour", "Pièce à vivre", "Le canapé", "Coin salon", "Living room", "Dining-room", "sofa",
    ),
    "amenity": (
        "Bureau", "Bouilloire et thé", "Machine à café", "TV", "Télévision", "Coffre-fort", "Penderie",
        "Desk", "kettle", "Hair dryer", "Cheminée", "Wi-Fi",
    ),
    "outside": (
        "Façade", "L’entrée", "Jardin", "Piscine chauffée", "Parking", "Swimming pool", "The building",
        "Garden",
    ),
    "room": (
        "Chambre", "La chambre bleue", "Vue d’ensemble", "Vue générale de la chambre", "Dortoir", "Bedroom",
        "The whole room", "Chambre avec vue",
    ),
    "": (
        "", " ", "Petit déjeuner", "Le matin", "Breakfast", "Room service", "Linge de lit", "12", "litière",
        "Vuelta", "Sleeps four", "Salon de jardin", "Bed & breakfast", "Bed and breakfast", "Tout de suite",
        "Deck chairs", "Petit-déjeuner en chambre", "🛏", "Chambre d’hôtes",
    ),
}  # fmt: skip
CAPTIONS = [(caption, kind) for kind, captions in TABLE.items() for caption in captions]


@pytest.mark.parametrize(("caption", "kind"), CAPTIONS)
def test_kind_is_guessed_from_the_words_of_the_caption(caption: str, kind: str) -> None:
    assert guess_kind(caption) == kind


def test_decomposed_letters_are_the_same_letters() -> None:
    assert guess_kind("Facade\u0327") == guess_kind("Fac\u0327ade") == guess_kind("Façade") == "outside"
