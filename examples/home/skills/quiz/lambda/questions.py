"""The questions of Trivia Tower: text, and the answers that count, the one read out first."""

QUESTIONS: dict[str, list[tuple[str, list[str]]]] = {
    "science": [
        ("Which planet of our solar system is the largest?", ["Jupiter", "planet jupiter"]),
        ("Which metal is liquid at room temperature?", ["mercury", "quicksilver"]),
        ("What gas do plants take in from the air to grow?", ["carbon dioxide", "c o two", "co2"]),
        ("Which force keeps us on the ground?", ["gravity", "gravitation"]),
        ("Which planet is known as the red planet?", ["Mars", "planet mars"]),
        ("What is the chemical symbol of gold?", ["Au", "a u"]),
    ],
    "geography": [
        ("What is the capital of Canada?", ["Ottawa"]),
        ("On which continent does the Sahara lie?", ["Africa"]),
        ("What is the longest river of South America?", ["the Amazon", "amazon"]),
        ("Which country is shaped like a boot?", ["Italy"]),
        ("What is the smallest country in the world?", ["Vatican City", "the vatican", "vatican"]),
        (
            "Which ocean lies between Europe and America?",
            ["the Atlantic", "atlantic", "atlantic ocean"],
        ),
    ],
    "history": [
        ("Which ancient people built the Colosseum?", ["the Romans", "romans", "rome"]),
        ("In which country did the Olympic Games begin?", ["Greece", "ancient greece"]),
        ("Which wall came down in 1989?", ["the Berlin Wall", "berlin wall", "berlin"]),
        ("Who was the first person to walk on the moon?", ["Neil Armstrong", "armstrong"]),
        ("Which ship sank on its first voyage in 1912?", ["the Titanic", "titanic"]),
        ("In which country do the pyramids of Giza stand?", ["Egypt"]),
    ],
    "music": [
        ("How many strings has a violin?", ["four", "4"]),
        ("Which instrument has eighty eight keys?", ["the piano", "piano"]),
        ("Who wrote the Moonlight Sonata?", ["Beethoven", "ludwig van beethoven"]),
        ("What do you call a group of four musicians?", ["a quartet", "quartet"]),
        (
            "Which instrument do you play with your feet as well as your hands in church?",
            ["the organ", "organ"],
        ),
        ("Who composed The Magic Flute?", ["Mozart", "wolfgang amadeus mozart"]),
    ],
    "animals": [
        ("Which is the tallest animal on land?", ["the giraffe", "giraffe"]),
        ("How many legs has a spider?", ["eight", "8"]),
        ("Which is the largest animal of all?", ["the blue whale", "blue whale", "whale"]),
        ("Which bird cannot fly but swims in icy seas?", ["the penguin", "penguin", "penguins"]),
        ("What do pandas mostly eat?", ["bamboo"]),
        ("Which animal is known for building dams?", ["the beaver", "beaver", "beavers"]),
    ],
    "food": [
        ("From which fruit is wine made?", ["grapes", "grape"]),
        ("Which spice is the most expensive?", ["saffron"]),
        ("Which nut is used to make marzipan?", ["almonds", "almond"]),
        ("In which country was sushi first made popular?", ["Japan"]),
        ("What is guacamole mostly made of?", ["avocados", "avocado"]),
        ("What do bees make?", ["honey"]),
    ],
}
