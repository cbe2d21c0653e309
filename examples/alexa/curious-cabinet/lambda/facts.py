"""What lies in the drawers of the Curious Cabinet."""

FACTS = {
    "space": [
        "A day on Venus is longer than its year.",
        "Light from the sun takes a little over eight minutes to reach us.",
        "More than a thousand Earths would fit into Jupiter.",
        "Footprints on the moon stay for ages, as there is no wind to blow them away.",
        "Saturn is less dense than water.",
    ],
    "animals": [
        "A hummingbird can fly backward.",
        "Cows have best friends, and are calmer beside them.",
        "A honey bee tells the others where flowers are by dancing.",
        "Elephants can hear with their feet: they feel rumbles through the ground.",
        "Sloths can hold their breath longer than dolphins can.",
    ],
    "body": [
        "Babies have more bones than grown ups: many of them grow together later.",
        "The smallest bone of the body lies in the ear.",
        "Your stomach renews its lining every few days.",
        "The surface of your lungs is about as large as half a tennis court.",
        "Your heart beats about a hundred thousand times a day.",
    ],
    "sea": [
        "An octopus has three hearts.",
        "The longest mountain range on Earth lies under the sea.",
        "Among seahorses, it is the father that carries the young.",
        "About half of the oxygen made on Earth each day comes from the sea.",
        "The tongue of a blue whale can weigh as much as an elephant.",
    ],
    "food": [
        "To a botanist, a banana is a berry and a strawberry is not.",
        "Honey keeps for years and hardly ever spoils.",
        "Carrots were purple and yellow long before most of them were orange.",
        "It takes about ten liters of milk to make one kilogram of hard cheese.",
        "Vanilla comes from an orchid.",
    ],
    "history": [
        "Cleopatra lived closer to the moon landing than to the building of the great pyramid.",
        "The shortest war in history was over in less than an hour.",
        "Oxford University is older than the Aztec Empire.",
        "A letter found in England shows that a Roman soldier there was sent socks from home.",
        "The Eiffel Tower was meant to stand for only twenty years.",
    ],
    "language": [
        "The dot above a small i is called a tittle.",
        "The word robot comes from a Czech word for forced labor.",
        "A sentence that uses every letter of the alphabet is called a pangram.",
        "The word salary is related to the Latin word for salt.",
        "Papua New Guinea has more than eight hundred languages.",
    ],
}

TITLES = {
    "space": "space",
    "animals": "animals",
    "body": "the human body",
    "sea": "the sea",
    "food": "food",
    "history": "history",
    "language": "language",
}
