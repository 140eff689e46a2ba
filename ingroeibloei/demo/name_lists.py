"""First names and surnames by language, in Latin script as a school office writes them."""

from __future__ import annotations


def _words(text: str) -> list[str]:
    return text.split()


MALE = {
    "nl": _words(
        "Arthur Lucas Noah Finn Lars Stan Wout Jef Mathis Seppe Bram Kobe Robbe Senne Jasper Thijs Tuur Vic Emiel "
        "Briek Cas Daan Gust Miel Nand Pieter Tom Koen Wim Bart Kristof Dries Joris Steven Geert"
    ),
    "pa": _words(
        "Gurpreet Harjit Arjan Jaspreet Manpreet Sukhdev Baljit Karan Fateh Gurdeep Amrit Ranjit Harman Navdeep Jagjit "
        "Kulwinder Paramjit Tejinder Dilraj Angad"
    ),
    "tr": _words(
        "Mehmet Emre Can Ahmet Yusuf Kerem Murat Ali Hakan Burak Eymen Ömer Deniz Serkan Mustafa Efe Kaan Onur"
    ),
    "ar": _words("Youssef Karim Omar Bilal Samir Adam Ilyas Hamza Rachid Amine Tarek Nabil Zakaria Anas Walid Hassan"),
    "pl": _words(
        "Marek Piotr Jakub Tomasz Jan Szymon Kacper Paweł Wojciech Michał Adam Krzysztof Filip Antoni Bartosz"
    ),
    "bg": _words("Georgi Ivan Dimitar Nikola Stefan Martin Petar Kaloyan Boris Viktor Hristo Plamen Emil Asen"),
    "ro": _words("Andrei Mihai Ion Cristian Alexandru Vlad Radu Stefan Marian Gabriel Luca Matei Florin David"),
    "uk": _words("Oleksandr Andrii Dmytro Maksym Taras Bohdan Ivan Mykola Serhii Artem Danylo Yurii Matvii Roman"),
    "ru": _words("Aleksei Ruslan Timur Dmitri Mikhail Islam Kirill Arsen Nikita Anzor Maksim Magomed Artur"),
    "ps": _words("Zmaray Gul Khan Wali Asad Hamid Nasir Tariq Shafiq Baryalai Spin Rahim Idris Sangar"),
    "prs": _words("Farid Jawad Reza Mahdi Sohrab Habib Yunus Milad Omid Hadi Qasim Navid Rostam Elias"),
    "so": _words("Abdi Hassan Mohamed Yusuf Ismail Farah Omar Warsame Ali Ahmed Jama Liban Mahad Guled Aden"),
    "fr": _words("Louis Hugo Gabriel Théo Samuel Christian Patrick Emmanuel Kevin Junior Olivier Bruno Nathan Élie"),
}

FEMALE = {
    "nl": _words(
        "Emma Louise Lotte Noor Fien Marie Juliette Elise Hanne Lore Amber Nina Janne Roos Lena Floor Ella Mila Kato "
        "Helena Sofie Els Katrien Leen Ann Sarah Liesbet Griet Karen Tine Veerle Joke Nele Ilse Evi"
    ),
    "pa": _words(
        "Harpreet Simran Jasleen Manpreet Gurleen Amandeep Kiran Navneet Rajwinder Sukhpreet Parminder Jasmeet Anmol "
        "Prabhjot Harleen Mandeep Balwinder Gurnoor Ekam"
    ),
    "tr": _words("Ayşe Elif Zeynep Fatma Emine Merve Defne Esra Hatice Büşra Nehir Sevgi Derya Selin Ece Gülsüm Melek"),
    "ar": _words("Fatima Yasmina Amina Salma Nadia Khadija Lina Maryam Hafsa Samira Imane Rania Safa Aya Zineb Hanan"),
    "pl": _words("Agnieszka Zofia Katarzyna Maja Julia Hanna Magdalena Oliwia Ewa Lena Alicja Monika Joanna Wiktoria"),
    "bg": _words("Maria Elena Ivana Desislava Viktoria Raya Gergana Nikol Teodora Silvia Yana Petya Siyana Radka"),
    "ro": _words("Ionela Elena Maria Andreea Ioana Daria Mihaela Sofia Alina Bianca Cristina Larisa Simona Anastasia"),
    "uk": _words(
        "Olena Oksana Iryna Sofiia Nataliia Kateryna Anna Yuliia Polina Zlata Svitlana Halyna Daryna Solomiia"
    ),
    "ru": _words("Elena Zarema Olga Madina Ksenia Tatiana Alina Aminat Svetlana Polina Daria Liana Veronika"),
    "ps": _words("Zarghuna Spogmai Palwasha Hosna Malalai Brekhna Gulalai Shaista Nazo Zala Hila Torpekai Khatera"),
    "prs": _words("Laila Parwin Zahra Shirin Nilofar Roya Fereshta Maryam Setara Nargis Homa Sahar Yalda Tamana"),
    "so": _words("Hodan Fadumo Amina Sahra Ifrah Khadra Asha Halimo Nasra Ubah Hibo Sagal Deqa Ayaan Leyla"),
    "fr": _words("Chloé Camille Aline Grâce Divine Sandrine Manon Inès Joëlle Clarisse Béatrice Nadège Lucie Esther"),
}

SURNAMES = {
    "nl": [
        *_words(
            "Claes Peeters Willems Maes Jacobs Mertens Wouters Goossens Hermans Aerts Lemmens Smeets Vrancken Thijs "
            "Knaepen Bollen Schoofs Vanstraelen Nijs Moermans Appeltans Creten Stas Hendrix Vandormael Strouven Rubens"
        ),
        "Van den Bosch",
        "De Wilde",
        "Van Erum",
        "De Pauw",
        "Vanden Boer",
    ],
    "tr": _words("Yıldız Kaya Demir Şahin Çelik Aydın Özdemir Arslan Doğan Kılıç Koç Kurt Öztürk Polat Güneş"),
    "ar": [
        *_words("Benali Bouzid Amrani Haddad Mansour Khalil Saidi Nasri Alami Darwish Chaoui Ziani Berrada"),
        "El Idrissi",
        "El Amrani",
        "Al Hamadi",
        "Ben Youssef",
    ],
    "pl": _words(
        "Kowalski Nowak Wiśniewski Zieliński Wójcik Lewandowski Mazur Kaczmarek Jankowski Wróbel Dudek Sikorski"
    ),
    "bg": _words("Ivanov Petrov Georgiev Dimitrov Nikolov Stoyanov Todorov Angelov Hristov Marinov Kolev Iliev"),
    "ro": _words("Popescu Munteanu Ionescu Radu Dumitru Stan Gheorghe Matei Rusu Lazăr Moldovan Ciobanu"),
    "uk": _words(
        "Kovalenko Shevchuk Melnyk Bondarenko Tkachenko Kravchuk Savchenko Petrenko Hrytsenko Zelinskyi Marchuk"
    ),
    "ru": _words("Ivanov Dadaev Kuznetsov Magomedov Smirnov Petrosyan Volkov Umarov Fedorov Sargsyan Gorin"),
    "ps": _words("Ahmadzai Stanikzai Safi Momand Zadran Noorzai Wardak Afridi Hotak Khattak"),
    "prs": _words("Haidari Rezai Mohammadi Karimi Sultani Hakimi Rahimi Azizi Nazari Jafari"),
    "fr": _words("Dubois Lambert Moreau Mbala Kabongo Leclercq Renard Nkosi Simon Lefèvre Ilunga Thiry Gérard"),
}
