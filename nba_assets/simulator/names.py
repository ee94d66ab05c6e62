"""Invented names: first names and last names that do not make a real player of the league together."""

from __future__ import annotations

import unicodedata

from nba_assets.simulator.draws import Ints

FIRST = """
Abel Adrián Aleksi Alvin Amadou Amari Anton Arjun Armand Arvid Baptiste Bartosz Benno Bram Branko Brice Caleb Casimir
Cedric Chidi Clement Cosmo Curtis Cyrus Dacre Damien Darius Dashiell Davor Demba Desmond Dimitri Dorian Dragomir Edvin
Eetu Efraín Elias Elijah Emeka Emil Enzo Étienne Ezekiel Fabio Felix Ferran Finn Florian Gaël Gideon Goran Gustaf Hakeem
Hamish Hector Hiroki Horatio Hugo Ibrahima Idris Ignacio Ilya Iñaki Isaac Ivo Jabari Jamir Jarek Jasper Jerome Joaquín
Jorah Josué Julius Kaito Kasper Keanu Kelechi Kenji Khalid Kian Killian Kofi Kristof Kwame Lamine Lars Lazar Leandro
Leopold Levon Linus Lorenzo Luca Luciano Ludovic Magnus Malachi Mamadou Marek Mathis Mateo Maurits Maxime Mehdi Micah Mihai
Milan Moïse Moussa Nasir Nestor Nikola Niels Noah Obinna Olivier Omari Orlando Oscar Otis Pascal Pavel Percy Piotr Quentin
Quincy Rafael Raúl Remy Roland Roman Rufus Samir Sebastián Seydou Silas Simeon Sölvi Stellan Tadeusz Tariq Teo Terrell
Théo Tobias Tomasz Tristan Uche Ulrich Vadim Valentin Vidar Viggo Vojtěch Walter Wendell Xander Yannick Yusuf Zacharie Zoran
""".split()

LAST = """
Abernethy Achterberg Adeyinka Aguinaga Ainsworth Akintola Alderton Almqvist Ambrosetti Amoako Andreasyan Arbuthnot Arriaga
Ashdown Asplund Atherley Babatunde Bainbridge Balogun Barnaby Bartošek Beaumarchais Belford Benavides Bengtsson Bergqvist
Bessette Birchall Blackwater Boateng Bohannon Bonaventure Bouchard Braithwaite Brandvold Brankov Briscoe Broadbent Brzezicki
Burleigh Cabrillo Calderwood Camargo Carmody Carrow Castellanos Cavendish Chamberlayne Charbonneau Chukwuma Clairmont
Colbourne Comeaux Corrigan Cottingham Covarrubias Cranford Crowder-Hale Dąbrowski Dalgaard Danforth Daramola Delacroix
Demirović Desrosiers Dessalines Devereaux Diatta Dimitrakis Djeumou Doležal Drăgan Drakeford Ducharme Dunmore Dziedzic
Echeverría Edgecliff Eggleston Ekholm Ekwueme Ellingboe Elsworth Embry Engström Eriksen Escarra Esterhazy Fairweather Falkner
Farquhar Fennimore Ferreyra Finnegan Fitzhugh Fofana-Reed Fontenot Forssell Foxworthy Frankowski Galbraith Gallardo Garrick
Gautreaux Gilliam Goldthorpe Goudreau Grabovski Grantham Greenlaw Grønvold Guerreiro Gudmundsson Hadžić Haldane Hallström
Hargrave Hartnell Hathaway Hawthorne Hellström Herrington Hiddleston Holmqvist Hoskins Huxtable Ibekwe Idowu Ingersoll
Iturralde Ivković Jägermark Jamison-Platt Jankauskas Jaramillo Jeppesen Jørgensen Kaczmarek Kalamba Kamiński Karlsen Katsaros
Kavanagh Keïta-Moore Kellerman Kensington Kilpatrick Kingsley Kirkwood Kjellberg Kłos Kobayashi Kočan Koroma Kovačević
Krasniqi Kuznetsov Laframboise Lagerbäck Lancaster Langford Larrazábal Lathrop Leclercq Lefebvre Lindqvist Lockridge
Lovelace Lukashenko Lundqvist Luxmoore Mabika Macalister Maldonado Manigault Marchetti Marchbanks Mardaljević Mbarga McAdoo-Lee
McCorkle McElhaney McGillicuddy McReady Mehmedović Merriweather Mikkelsen Milosavljev Mirzoyan Mokoena Montague Montclair Moreau
Mukendi Mwangi Nakagawa Nascimento Ndiaye-Cole Ngoma Niedermann Nightingale Nikolaidis Nordström Norwood Novotný Nwachukwu
Obradovich Ocampo Ohlsson Okafor-Bell Okonjo Oleander Olmstead Onyango Orellana Ormonde Osterhaus Oyelaran Paczkowski Pagonis
Palmgren Pantelić Papillon Pelletier Pemberton Penhaligon Pettersson Pickering Pinheiro Pohjola Pontremoli Poplawski
Prendergast Provencher Quarles-Dunn Quintanilla Radovanov Rainsford Ramqvist Ravenel Redfern Renquist Richelieu Ridgeway
Rinaldi Rochambeau Rockwell Rosenthal Roubaix Rutherglen Sabatini Saldívar Sandoval Santangelo Sarkisyan Sawatzky Schaefer
Schönfeld Seaborn Sekulić Selassie Severin Shackleton Sigurdsson Silvestre Sinclair Skjelbred Šmejkal Sorensen Soyinka Stamatis
Stanhope Stavros Sterling Stojanov Strandberg Sundqvist Szymański Tanaka Tarkington Tavares Templeton Thackeray Thibodaux
Thorburn Tillinghast Tomczak Toussaint Trevelyan Tshibangu Turnquist Uchenna Underhill Urrutia Vaillancourt Valdivieso Vandermeer
Vasarely Velázquez Verhoeven Vestergaard Villanueva Vlahović Vukčević Waldegrave Wallingford Warrick Wedgwood Wellesley Wesołowski
Westergaard Whitcombe Wickersham Wilberforce Winterbourne Wojcik Wolverton Woodhouse Wyndham Yamamoto Yarborough Yeboah
Youngblood Zambrano Żebrowski Zielonka Zubiri
""".split()

SUFFIXES = ("Jr.", "III", "II", "Jr.")
REFEREES = tuple(f"{first} {last}" for first, last in zip(FIRST[5:41], LAST[200:272:2], strict=True))
PLAIN = str.maketrans("đøłıæŁØĐ", "dolialOD")


def ascii_spelling(name: str) -> str:
    """The name as books spell it, without marks: `Kovačević` is `Kovacevic`."""
    marked = unicodedata.normalize("NFKD", name.replace("æ", "ae").translate(PLAIN))
    return "".join(c for c in marked if not unicodedata.combining(c))


def dealt(order: Ints, pool: list[str], number: int) -> str:
    """The name at a place of a shuffled pool, round and round."""
    return pool[int(order[number % len(pool)])]
