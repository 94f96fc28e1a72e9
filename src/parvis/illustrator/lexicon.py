"""The words the illustrator understands, in English and French, and what each means in a scene.

Words stand without accents and in lower case; several words make one phrase. CLDR's annotations know the names of
thousands of things; this lexicon holds what they do not say: places, hours, weather, manners, actions, roles and people,
and the words for which the annotations would choose badly.
"""

import functools
import unicodedata
from typing import NamedTuple


class Meaning(NamedTuple):
    """What a phrase means: which part of the scene, and its value there."""

    part: str
    value: str


def plain(text: str) -> str:
    """Lower case without accents, ligatures opened."""
    opened = text.lower().replace("œ", "oe").replace("æ", "ae")
    split = unicodedata.normalize("NFKD", opened)
    return "".join(c for c in split if not unicodedata.combining(c))


PLACES = {
    "sea": "sea, ocean, beach, shore, seaside, seashore, coast, wave, harbour, harbor, bay, island, mer, plage, rivage, bord de mer, vague, ile, littoral, falaise, cliff, lighthouse, phare, bretagne, brittany",
    "hills": "hill, countryside, valley, vineyard, village, farm, colline, campagne, vallee, vignoble, ferme, provence, toscane, tuscany, windmill, moulin, moulin a vent",
    "meadow": "meadow, field, grass, prairie, lawn, champ, herbe, pelouse, prairy",
    "mountains": "mountain, alps, peak, summit, volcano, montagne, alpes, pic, sommet, volcan, himalaya, pyrenees",
    "forest": "forest, wood, woods, jungle, woodland, rainforest, foret, bois, sous-bois, clairiere, clearing",
    "desert": "desert, dune, sahara, oasis, savanna, savannah, savane, pyramid, pyramide, egypt, egypte",
    "snow": "arctic, antarctica, north pole, ice floe, glacier, iceberg, banquise, arctique, antarctique, pole nord, piste de ski, ski slope",
    "lake": "lake, river, pond, stream, riverside, waterfall, lac, riviere, fleuve, etang, ruisseau, cascade, mare",
    "city": "city, town, skyline, skyscraper, downtown, new york, london, londres, tokyo, ville, gratte-ciel, metropole, rooftop, toit, berlin, montreal",
    "street": "street, road, alley, market, square, pavement, sidewalk, bakery, shop, bookshop, rue, route, ruelle, marche, trottoir, boulangerie, boutique, librairie, place du village, paris, boulevard, avenue, lyon, venice, venise",
    "garden": "garden, park, flower bed, greenhouse, orchard, backyard, jardin, parc, verger, potager, serre",
    "room": "room, bedroom, living room, house interior, sofa, bed, fireplace, attic, office, school, classroom, hospital, chambre, salon, canape, lit, cheminee, grenier, bureau, ecole, classe, hopital, at home, chez moi, chez soi, indoors, interieur",
    "kitchen": "kitchen, oven, cuisine, fourneau, fournil",
    "cafe": "cafe, coffee shop, bar, restaurant, bistro, pub, tearoom, bistrot, salon de the, terrasse",
    "library": "library, archive, bookcase, bookshelf, bibliotheque, archives, mediatheque",
    "underwater": "underwater, under the sea, under water, deep sea, seabed, reef, aquarium, sous l eau, sous la mer, sous-marin, fonds marins, recif, abysses",
    "space": "space, outer space, galaxy, planet, universe, cosmos, nebula, on the moon, mars, orbit, asteroid, espace, galaxie, planete, univers, nebuleuse, sur la lune, orbite, asteroide",
    "sky": "sky, in the clouds, above the clouds, heaven, ciel, dans les nuages, au dessus des nuages, airs",
    "stage": "stage, theater, theatre, concert, opera, circus, scene, cirque, spectacle, show",
    "studio": "studio, portrait, atelier",
}  # fmt: skip

TIMES = {
    "dawn": "dawn, sunrise, daybreak, early morning, morning, aube, aurore, lever du soleil, lever de soleil, petit matin, matin",
    "day": "day, noon, midday, afternoon, sunny, daylight, summer, jour, midi, apres-midi, apres midi, ensoleille, ete, journee, sunshine",
    "sunset": "sunset, dusk, evening, twilight, golden hour, autumn, coucher du soleil, coucher de soleil, soleil couchant, crepuscule, soir, soiree, heure doree, automne, fall",
    "night": "night, midnight, nighttime, starry, moonlight, moonlit, moon, stars, starlight, full moon, nuit, minuit, etoile, clair de lune, au clair de la lune, lune, pleine lune, nocturne, fireflies, lucioles",
}  # fmt: skip

WEATHERS = {
    "clear": "clear sky, ciel bleu, ciel degage",
    "clouds": "cloudy, cloud, overcast, nuageux, nuage, gris, couvert",
    "rain": "rain, rainy, raining, drizzle, shower, pluie, pluvieux, pleut, averse, bruine",
    "storm": "storm, stormy, thunder, lightning, thunderstorm, tempest, hurricane, tempete, orage, orageux, tonnerre, eclair, foudre, ouragan",
    "snow": "snow, snowy, snowing, blizzard, winter, neige, enneige, neigeux, neiger, hiver, snowfall",
    "fog": "fog, foggy, mist, misty, haze, brouillard, brume, brumeux",
    "wind": "wind, windy, breeze, gale, vent, venteux, brise",
    "rainbow": "rainbow, arc-en-ciel, arc en ciel",
}  # fmt: skip

STYLES = {
    "watercolour": "watercolour, watercolor, watercolours, aquarelle, gouache, water colour",
    "ink": "ink, ink drawing, pen and ink, drawing, sketch, pencil, line art, engraving, charcoal, encre, a l encre, encre de chine, dessin, dessin au trait, croquis, crayon, gravure, fusain, noir et blanc, black and white",
    "poster": "poster, vintage poster, travel poster, screen print, silkscreen, pop art, affiche, affiche vintage, serigraphie, art deco",
    "low polygon": "low poly, low polygon, lowpoly, polygon, geometric, triangles, origami style, polygones, geometrique, basse resolution polygonale",
    "pixel": "pixel, pixel art, pixelart, 8 bit, 8-bit, 16 bit, 16-bit, retro game, jeu retro, pixels, 8 bits",
    "storybook": "storybook, picture book, children s book, fairy tale, illustration, livre d images, livre pour enfants, album jeunesse, conte, conte de fees, cartoon, dessin anime",
    "plain": "plain, flat, flat design, vector, minimalist, simple, minimaliste, vectoriel, epure, sobre",
}  # fmt: skip

ACTIONS = {
    "sitting": "sit, sits, sitting, seated, assis, assise, assoit, rest, resting, relaxing, repose, waiting, attend, meditating, medite",
    "reading": "read, reads, reading, lit, lisent, lisant, lire, lecture, studying, study, etudie",
    "writing": "write, writes, writing, ecrit, ecrivent, ecrivant, ecrire, draws, dessine",
    "drinking": "drink, drinks, drinking, sip, sips, sipping, boit, boivent, buvant, boire, sirote",
    "eating": "eat, eats, eating, mange, mangent, mangeant, manger, picnic, pique-nique, deguste",
    "playing music": "singing with, play music, joue de la musique, strumming, musician, musicien, musicienne",
    "painting": "paint, paints, peint, peignant, peindre, painting a picture",
    "cooking": "cook, cooks, cooking, baking, bakes, cuisine, cuisinant, cuisiner, cuit, prepare",
    "sleeping": "sleep, sleeps, sleeping, asleep, nap, napping, dort, dorment, dormant, dormir, endormi, endormie, sieste, dreaming, reve",
    "walking": "walk, walks, walking, stroll, hiking, hike, wandering, marche, marchent, marchant, marcher, promene, se promene, promenade, randonnee, travelling, traveling, voyage, voyageant",
    "running": "run, runs, running, jogging, race, racing, jump, jumps, jumping, court, courent, courant, courir, saute, sautent, sautant, chasing, poursuit",
    "dancing": "dance, dances, dancing, danse, dansent, dansant, danser, party, fete, celebrating, celebrate",
    "skiing": "ski, skis, skiing, skie, skient, skiant, skier, sledding, snowboarding, snowboard",
    "swimming": "swim, swims, swimming, bathing, nage, nagent, nageant, nager, baigne, se baigne, plonge, diving",
    "flying": "fly, flies, flying, floating, soaring, vole, volent, volant, voler, flotte, flottent, flottant",
    "riding": "ride, rides, riding, cycling, cycles, pedale, roule, faisant du velo, a velo, fait du velo",
    "fishing": "fisherman, pecheur, fishing, fishes for, peche, pechent, pechant, pecher",
    "waving": "wave hello, waves, waving, greeting, salue, saluant, hello, bonjour",
    "working": "work, works, working, coding, programming, codes, typing, travaille, travaillent, travaillant, code, programme, programmer, programmeur",
    "playing": "play, plays, playing, joue, jouent, jouant, jouer",
    "gardening": "gardening, planting, plants a, watering, jardine, jardinage, plante, arrose",
    "singing": "sing, sings, singing, chante, chantent, chantant, chanter, singer, chanteur, chanteuse",
    "standing": "stand, stands, standing, debout, look, looks, looking, watching, watches, regarde, regardent, regardant, admire, contemple, hold, holds, holding, tient, tiennent, tenant, wearing, wears, portant, porte",
}  # fmt: skip

ROLES = {
    "astronaut": "astronaut, cosmonaut, spaceman, astronaute, cosmonaute, spationaute",
    "cook": "cook, chef, baker, cuisinier, cuisiniere, boulanger, boulangere, patissier, patissiere",
    "wizard": "wizard, witch, magician, sorcerer, sorcier, sorciere, magicien, magicienne, mage",
    "pirate": "pirate",
    "king": "king, prince, roi",
    "queen": "queen, princess, reine, princesse",
    "detective": "detective, sherlock, enqueteur, spy, espion",
    "doctor": "doctor, nurse, docteur, medecin, infirmier, infirmiere",
    "knight": "knight, chevalier",
    "farmer": "farmer, gardener, fermier, fermiere, jardinier, jardiniere, paysan, paysanne, agricultrice, agriculteur",
    "artist": "artist, painter, artiste, artist peintre, peintre",
    "student": "student, graduate, etudiant, etudiante, diplome, diplomee, eleve",
    "scientist": "scientist, scientifique, savant, savante, chercheur, chercheuse, researcher",
    "cowboy": "cowboy, cow-boy, cowgirl",
    "hero": "superhero, hero, super-heros, superheros, heros, heroine",
    "birthday": "birthday, anniversaire",
    "sailor": "sailor, captain, fisherman, marin, capitaine, pecheur, matelot",
    "teacher": "teacher, professor, professeur, professeure, enseignant, enseignante, maitresse d ecole",
}  # fmt: skip

PEOPLE = {  # value: age and gender
    "adult ": "person, someone, friend, human, neighbour, neighbor, traveller, traveler, personne, quelqu un, ami, amie, humain, voisin, voisine, voyageur, voyageuse, people, gens, passant, passante, lover, amoureux, tourist, touriste, dancer, danseur, danseuse, reader, lecteur, lectrice, member, couple, crowd, foule, writer, ecrivain, autrice, auteur",
    "adult woman": "woman, women, lady, girlfriend, mother, mum, mom, femme, dame, mere, maman, she, her, elle, aunt, tante",
    "adult man": "man, men, guy, gentleman, father, dad, homme, monsieur, pere, papa, mec, uncle, oncle",
    "child ": "child, children, kid, toddler, baby, enfant, gamin, gosse, bebe",
    "child woman": "girl, daughter, sister, fille, petite fille, fillette, soeur, gamine, little girl",
    "child man": "boy, son, brother, garcon, petit garcon, frere, little boy",
    "old woman": "grandmother, grandma, granny, old woman, old lady, grand-mere, grand mere, mamie, vieille femme, vieille dame",
    "old man": "grandfather, grandpa, old man, grand-pere, grand pere, papi, papy, vieil homme, vieux monsieur",
}  # fmt: skip

COLOURS = {
    "#e23b3b": "red, crimson, scarlet, rouge, ecarlate",
    "#2f7de0": "blue, bleu, bleue, navy, azure, azur",
    "#3f9d4e": "green, vert, verte, emerald, emeraude",
    "#f6c62f": "yellow, jaune, golden, gold, dore, doree",
    "#f08a24": "orange",
    "#8d4fc7": "purple, violet, violette, mauve, lilac, lilas, pourpre",
    "#f280ad": "pink, rose",
    "#7a4e2d": "brown, brun, brune, marron",
    "#2ab3b0": "turquoise, teal, cyan",
}  # fmt: skip

WEARS = {
    "top hat": "top hat, haut-de-forme, haut de forme, chapeau, hat",
    "beanie": "beanie, woolly hat, bonnet",
    "cap": "cap, casquette",
    "beret": "beret",
    "straw hat": "straw hat, chapeau de paille",
    "party hat": "party hat",
    "crown": "crown, couronne",
    "scarf": "scarf, echarpe, foulard, muffler",
    "glasses": "glasses, spectacles, lunettes",
    "sunglasses": "sunglasses, lunettes de soleil",
    "headphones": "headphones, headset, casque audio, ecouteurs, casque",
    "bow tie": "bow tie, bowtie, noeud papillon, cravate, tie",
    "cape": "cape, cloak",
}  # fmt: skip

LANDMARKS = {
    "lighthouse": "lighthouse, phare",
    "eiffel": "eiffel tower, tour eiffel, paris",
    "windmill": "windmill, moulin, moulin a vent",
    "waterfall": "waterfall, cascade, chute d eau",
    "pyramids": "pyramid, pyramide, egypt, egypte",
    "volcano": "volcano, volcan",
    "market": "market, marche, fair, foire, shop, stall, etal, epicerie, grocery, bakery, boulangerie",
}  # fmt: skip

ANIMALS = {  # the sign of the head or the whole animal, where the annotations would choose another
    "🐱": "cat, kitten, kitty, chat, chatte, chaton, minou", "🐶": "dog, puppy, chien, chienne, chiot",
    "🦊": "fox, vixen, renard, renarde, renardeau", "🐻": "bear, teddy bear, ours, ourse, ourson, nounours",
    "🐼": "panda", "🐰": "rabbit, bunny, hare, lapin, lapine, lievre", "🐭": "mouse, mice, souris, souriceau",
    "🐹": "hamster", "🦁": "lion, lioness, lionne", "🐯": "tiger, tigre, tigresse", "🐮": "cow, calf, vache, veau",
    "🐷": "pig, piglet, cochon, porc, porcelet", "🐸": "frog, toad, grenouille, crapaud", "🐵": "monkey, singe, chimpanzee",
    "🐨": "koala", "🐺": "wolf, wolves, loup, louve", "🦝": "raccoon, raton laveur", "🐴": "horse, pony, cheval, chevaux, poney",
    "🦄": "unicorn, licorne", "🐲": "dragon", "🐧": "penguin, pingouin, manchot", "🦉": "owl, hibou, chouette",
    "🐥": "chick, poussin", "🤖": "robot, android, androide, machine", "👽": "alien, extraterrestre, martian, martien",
    "👻": "ghost, fantome", "🐘": "elephant", "🦒": "giraffe, girafe", "🐢": "turtle, tortoise, tortue", "🐦": "bird, oiseau, sparrow, moineau",
    "🦔": "hedgehog, herisson", "🐿": "squirrel, chipmunk, ecureuil", "🐳": "whale, baleine", "🐬": "dolphin, dauphin",
    "🐟": "fish, poisson", "🦢": "swan, cygne", "🦆": "duck, canard", "🐝": "bee, abeille", "🦋": "butterfly, papillon",
    "🐑": "sheep, lamb, mouton, agneau, brebis", "🐐": "goat, chevre", "🦌": "deer, stag, cerf, biche, reindeer, renne",
    "🐙": "octopus, pieuvre, poulpe", "🦈": "shark, requin", "🐌": "snail, escargot", "🦭": "seal, phoque", "🦥": "sloth, paresseux",
    "🦦": "otter, loutre", "🐔": "hen, chicken, poule, poulet", "🐓": "rooster, coq", "🦖": "dinosaur, t-rex, dinosaure",
    "🐍": "snake, serpent", "🦩": "flamingo, flamant rose, flamant", "🐪": "camel, chameau, dromadaire", "🦜": "parrot, perroquet",
    "🐊": "crocodile, alligator", "🦓": "zebra, zebre", "🐞": "ladybird, ladybug, coccinelle", "🦀": "crab, crabe",
    "🐋": "humpback, cachalot", "🧜": "mermaid, sirene", "🧚": "fairy, fee", "🕊": "dove, pigeon, colombe", "🐠": "tropical fish, clownfish, poisson clown",
    "🦛": "hippo, hippopotamus, hippopotame", "🐗": "boar, sanglier", "⛄": "snowman, bonhomme de neige", "🦚": "peacock, paon",
}  # fmt: skip

THINGS = {  # signs for things, where the annotations would choose another or know nothing
    "📖": "book, novel, livre, roman, bouquin", "📚": "books, livres, knowledge, savoir", "☕": "coffee, tea, cocoa, hot chocolate, espresso, cup of coffee, tasse, chocolat chaud, cappuccino, cup",
    "🎸": "guitar, guitare", "🎻": "violin, violon, cello, violoncelle", "🎹": "piano, keyboard, synthesizer, clavier", "🥁": "drum, tambour, batterie",
    "🎺": "trumpet, trompette", "🎷": "saxophone, saxo, jazz", "🪗": "accordion, accordeon", "🪈": "flute", "🎂": "birthday cake, gateau d anniversaire, cake, gateau",
    "🍕": "pizza", "🍦": "ice cream, glace, icecream", "🍎": "apple, pomme", "🥐": "croissant", "🥖": "baguette, bread, pain", "🧀": "cheese, fromage",
    "⛵": "sailboat, sailing boat, boat, voilier, bateau, barque", "🚢": "ship, navire, paquebot", "🚀": "rocket, spaceship, fusee, vaisseau, vaisseau spatial",
    "🛸": "ufo, flying saucer, soucoupe volante, ovni", "🚗": "car, voiture, auto", "🚲": "bicycle, bike, velo, bicyclette", "🚂": "train, locomotive, steam train",
    "🚋": "tram, tramway", "🚌": "bus, autobus", "✈": "plane, airplane, aeroplane, avion", "🎈": "balloon, ballon, ballon de baudruche", "🏠": "house, maison, cottage, hut, cabane",
    "🏰": "castle, chateau, fortress", "⛺": "tent, tente, camping", "🔥": "campfire, bonfire, fire, feu, feu de camp", "🌻": "sunflower, tournesol",
    "🌹": "rose, rose rouge, red rose", "🌳": "tree, oak, arbre, chene", "🌸": "cherry blossom, fleur de cerisier, blossom, spring, printemps", "🌷": "tulip, tulipe, flower, fleur", "🌵": "cactus",
    "🍄": "mushroom, champignon", "🎁": "gift, present, cadeau", "🕯": "candle, bougie", "🏮": "lantern, lanterne, lampion", "🎆": "fireworks, feu d artifice, feux d artifice",
    "⚽": "football, soccer ball, soccer, foot, ball, balle", "🏀": "basketball, basket", "🎾": "tennis", "📷": "camera, appareil photo", "💻": "computer, laptop, ordinateur, code, software",
    "📱": "phone, smartphone, telephone", "🔭": "telescope", "🔬": "microscope, science", "🧪": "potion, test tube, experiment, chemistry, chimie, eprouvette", "🎨": "palette, art",
    "✉": "letter, lettre, envelope, mail, enveloppe, courrier", "🌍": "earth, world, globe, terre, monde, planet earth", "🪐": "saturn, saturne", "☄": "comet, comete",
    "🌲": "pine, fir, fir tree, sapin, pin", "🌴": "palm tree, palm, palmier", "🎄": "christmas tree, sapin de noel, christmas, noel", "🪁": "kite, cerf-volant", "🛶": "canoe, kayak",
    "🎣": "fishing rod, canne a peche", "🍝": "pasta, spaghetti, pates", "🍜": "noodles, ramen, soup, nouilles, soupe", "🍔": "burger, hamburger", "🥞": "pancake, crepe", "🍓": "strawberry, fraise",
    "🍉": "watermelon, pasteque", "🍷": "wine, vin, glass of wine, verre de vin", "🎤": "microphone, karaoke, micro", "🗝": "key, cle, clef", "⚓": "anchor, ancre", "🧭": "compass, boussole",
    "🏴‍☠️": "pirate flag", "💎": "diamond, treasure, jewel, diamant, tresor, gem", "🪞": "mirror, miroir", "🪑": "chair, chaise", "🕰": "clock, horloge, pendule", "🧶": "wool, yarn, laine, knitting, tricot",
    "🎪": "circus tent, chapiteau", "🎡": "ferris wheel, grande roue", "⛲": "fountain, fontaine", "🌉": "bridge, pont", "🚁": "helicopter, helicoptere", "🏔": "snowy peak", "🏝": "desert island, ile deserte",
    "☂": "umbrella, parapluie", "🗿": "statue, moai", "🐚": "shell, seashell, coquillage", "⛸": "ice skate, patin", "🏍": "motorbike, motorcycle, moto", "🚜": "tractor, tracteur", "🛴": "scooter, trottinette",
    "🍰": "slice of cake, part de gateau, dessert", "🧁": "cupcake, muffin", "🍪": "cookie, biscuit", "🍫": "chocolate, chocolat", "🍯": "honey, miel", "🥕": "carrot, carotte", "🍌": "banana, banane",
    "🖌": "brush, paintbrush, pinceau", "🪴": "plant, potted plant, plante verte", "💐": "bouquet, flowers bouquet", "🛋": "couch", "🎠": "carousel, merry-go-round, manege, carrousel", "🎲": "dice, game, jeu",
}  # fmt: skip

IDEAS = {  # ideas have no shape: the sign that stands for each
    "🗳": "democracy, election, vote, democratie, suffrage, elections", "❤": "love, affection, amour, tendresse, heart, coeur", "🕊": "peace, freedom, paix, liberte",
    "⚖": "justice, law, equality, droit, loi, egalite", "💡": "idea, invention, creativity, idee, creativite, intelligence, innovation", "⏳": "time, patience, temps, past, future, passe, futur, avenir",
    "🎓": "education, learning, apprentissage", "🌱": "hope, growth, ecology, nature, espoir, croissance, ecologie, environment, environnement, climate, climat",
    "🤝": "friendship, solidarity, community, trust, cooperation, amitie, solidarite, communaute, confiance", "🎵": "music, song, melody, musique, chanson, melodie",
    "🌐": "internet, web, network, reseau, social network, reseau social", "🎭": "drama, theatre mask, comedy, comedie, tragedy", "💰": "money, wealth, economy, argent, richesse, economie",
    "🏆": "victory, success, win, victoire, succes, triumph", "💭": "dream, thought, imagination, reve, pensee, memory, memoire, souvenir", "🧩": "puzzle, complexity, problem, probleme",
    "🔐": "privacy, security, vie privee, securite", "✨": "magic, wonder, magie, merveille, beauty, beaute", "⚡": "energy, power, energie, electricity, electricite",
}  # fmt: skip

NUMBERS = {
    "1": "one", "2": "two, deux, pair of, couple of, both", "3": "three, trois, some, several, few, plusieurs, quelques, group of, groupe de", "4": "four, quatre", "5": "five, cinq, many, lots of, beaucoup de, crowd of, six, seven, sept",
}  # fmt: skip

SIZES = {
    "1.35": "big, huge, giant, enormous, large, tall, grand, grande, gros, grosse, geant, geante, enorme, immense",
    "0.72": "small, little, tiny, petit, petite, minuscule, mini",
}

# Words that carry no picture of their own, or that every picture tries for.
FILLERS = frozenset(
    plain(
        """a an the of on in at by with and or for to from into over under near next beside behind between through around above
        below as is are was were be being been it its his her their they he we you i my your our this that these those there
        who which while during up down out off very so too just not no some any all each one's s t d l m n j qu c
        un une des du de la le les au aux et ou en dans sur sous par pour avec sans vers chez entre pres cote derriere devant
        est sont etait etre il elle ils elles on nous vous je tu mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs
        ce cet cette ces qui que dont ne pas plus tres trop si se son fait faire pendant autour dessus dessous devant loin plein pleine bord coin milieu haut bas dos
        beautiful pretty lovely cute nice wonderful amazing gorgeous magical cozy cosy happy cheerful peaceful quiet calm
        bright colourful colorful soft gentle warm sweet funny charming detailed high quality style art artwork picture image
        scene view painting drawn draw make create show me please made like look front top side middle edge day's
        beau belle jolie joli magnifique superbe mignon mignonne adorable charmant charmante heureux heureuse joyeux joyeuse
        paisible calme tranquille doux douce colore coloree chaleureux drole merveilleux magique image tableau peinture
        dessine dessiner montre moi fais maniere comme style facon imagine""".replace("\n", " ")
    ).split()
)

ACCENTED = {
    "thé": "tea",
    "marché": "market",
    "pré": "meadow",
    "côte": "coast",
    "dé": "dice",
    "pêche": "peche",
    "île": "ile",
}
"""French words that without their accent would be others."""

NEVER_KEYWORDS = frozenset(["old", "new", "vieux", "vieille", "ancien", "photo", "picture", "blue", "red", "green"])
"""Keywords of the annotations that would put something odd into a picture."""

FRENCH_MARKS = frozenset(
    [
        "un",
        "une",
        "des",
        "du",
        "le",
        "la",
        "les",
        "au",
        "aux",
        "et",
        "dans",
        "sur",
        "sous",
        "avec",
        "sans",
        "est",
        "sont",
        "qui",
        "que",
        "deux",
        "trois",
        "son",
        "sa",
        "ses",
        "ce",
        "cette",
        "l",
        "d",
        "en",
        "pour",
        "par",
        "chez",
    ]
)
ENGLISH_MARKS = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "on",
        "in",
        "at",
        "by",
        "with",
        "and",
        "is",
        "are",
        "who",
        "that",
        "two",
        "three",
        "his",
        "her",
        "their",
        "to",
        "from",
        "for",
        "under",
    ]
)

_PARTS = {
    "place": PLACES, "time": TIMES, "weather": WEATHERS, "style": STYLES, "action": ACTIONS, "role": ROLES, "person": PEOPLE,
    "colour": COLOURS, "wears": WEARS, "landmark": LANDMARKS, "animal": ANIMALS, "thing": THINGS, "idea": IDEAS,
    "number": NUMBERS, "size": SIZES,
}  # fmt: skip


@functools.cache
def meanings() -> dict[str, tuple[Meaning, ...]]:
    """Every phrase of the lexicon with all that it means (a lighthouse is a landmark and puts us by the sea)."""
    found: dict[str, tuple[Meaning, ...]] = {}
    for part, table in _PARTS.items():
        for value, listed in table.items():
            for phrase in listed.split(","):
                key = plain(phrase.strip()).replace("-", " ")
                found[key] = (*found.get(key, ()), Meaning(part, value))
    return found
