"""Names that people have, some of which look as if nobody had them: by where they are from."""

REAL_NAMES = {
    "Chinese": "Ng, Wu, Xi, Li Na, J. Li, Yu, Hu Jintao, Zhang Wei, Xu Zhimo, Kwok, Ng Mui, Qi, Eng, Ho Chi, Yuen Fat, Lü, "
    "李, 王芳, 陈, 欧阳娜娜, Sze, Hsu",
    "Vietnamese": "Nguyễn, Nguyen, Ngô Đình, Phạm Văn Đồng, Trần Hưng, Võ, Ý Nhi, Lê Lợi, Đỗ Mười, Huỳnh, Nghĩa, Nghiêm, Tú, Ông, Vy, Ngọc Anh",
    "Korean": "김, 박지성, Kim Jong, Oh, Woo, Pyo, Hwang, Kyung Soo, Lee, Na, Yi, Seo, Bae Doona",
    "Japanese": "Ōno, Ito, Abe, Ii Naosuke, Oe, 田中, ささき, Kyoko, Shinzō, Ryu, Tsutsui, Uehara, Mitsu, Aoi, Ai",
    "Indian": "Bhrgv, Hrithik, Krishnamurthy, Vijay, Om, Jyoti, Srinivasan, Shweta, Rhythm, Aditya, Mr. Singh, Iyer, Brij, "
    "अमित, ராஜா, Chhatrapati, Dhruv, Kshitij, Uddhav, Lakshmi, Bhavna",
    "Arab": "محمد, علی, فاطمة, ناصر, سالم, Abdullah, Nasr, Hisham, Khalid, Al-Sabah, Aziz, Rida, نبیل, طالب, منى, Mhmd Ali",
    "Persian": "رضا, Reza, علی رضایی, Azer, شهرزاد, سیب, بلال, Mehrdad, Zhaleh, Gholamreza, Bahram, Ghasem, لاله, ثقفی, منتظری, تهمینه",
    "Hebrew": "דוד, שרה, Chaim, Zvi, Tzvi, Tzachi, Shlomo, Uri, Oz, Bar Refaeli, Gal, Yitzhak, חיים, נעמה",
    "Turkish": "Işıl, Özgür, Çağrı, Şükrü, Güliz, Yılmaz, Ünsal, Ege, Su, Efe, Ufuk, Gülşah, İlker, Poyraz",
    "Azerbaijani": "Şəbnəm, Rəşad Əliyev, Əsgər, Gülnarə, Qasım, Xəyal, İlqar, Ülviyyə, Azər, Elçin, Ağa, Nigar",
    "Polish": "Szczęsny, Szczepan, Krzysztof, Brzęczyszczykiewicz, Grzegorz, Pszczółkowski, Źdźbło, Trzciński, Wawrzyn, Wszołek, Ćwik, Zbyszko",
    "Czech and Slovak": "Krk, Smrk, Hrdlička, Vlk, Srb, Brdk, Strž, Štvrtecký, Čtvrtníček, Krč, Zdeněk, Hrbk, Trnka, Vrba, Jiří, Chrt, Ďurčanský",
    "South Slavic": "Hrvoje, Krk, Srđan, Grk, Trbojević, Srbljan, Mrkšić, Vrdoljak, Crnogorac, Brkljačić, Strnad, Krstić, Tvrtko, "
    "Срђан, Крстић, Црњански, Грк, Прћић",
    "Hungarian": "Szűcs, Őry, Gyöngyvér, Zsófia, Örs, Nagy Ágnes, Kiss, Ördög, Csaba, Dzsenifer, Győző, Ő Anna",
    "Estonian and Finnish": "Õnne, Ülo, Äärelaid, Jüri, Hüüdmäe, Yrjö, Äijö, Öö Maja, Hyytiäinen, Uuno, Aho, Pyy, Kuu, Töö Tiit",
    "Baltic": "Žydrūnas, Ģirts, Šķēle, Grybauskaitė, Jonas, Žvirgždas, Kļaviņš, Čiurlionis, Dzintars",
    "Russian": "Эльдар, Прохор, Ошо, Пётр, Смит, Джон Смит, Мкртчян, Ия, Лев, Юн, Цой, Щукин, Жжёнов, Мстислав, Взгляд, Вздорнов, "
    "Мстиславская, Ли, Ан",
    "Ukrainian": "Олена Гриценко, Їжакевич, Єва, Олесь, Гжицький, Щербань, Йосип, Здзвижинський, Юй, Люба, Мотря, Вій, Фівейська",
    "Caucasian": "Мкртчян, Mkrtchyan, Gvrtishvili, Mtskheta, Grdzelishvili, Տիգրան, გიორგი, Vrtanes",
    "German": "Schwartz, Schmidt, Wert, Wertheim, Wertz, Ertz, Angst, Hirschsprung, Pschorr, Schtschukin, Jürgen, Özil, Strunz, Pfundstein, "
    "Köhler, Weltz, Borschtsch",
    "French": "Aÿ, Guy, Eu, Azéma, Zert, Lys, Œuvray, Françoise, Sdrigotti, Lefèvre",
    "British and Irish": "Lynch, Byrne, O'Neil, Anna-Maria O'Neil, Trew, Llwyd, Cwmdwr, Rhys, Ffion, Glyn, Pryce, Ng Smith, "
    "John Smith III, Bob, Flynn, Wynn, Bly, Tyrwhitt, Fry, Tester, Dempster, Nobody Jones, Test Andersson",
    "Nordic": "Ö. Åkerlind, Åse, Øystein, Sjöström, Bjørn, Þórður, Strömqvist, Ås, Ö Anna, Ærø",
    "Greek": "Νίκος, Σπύρος, Τσίπρας, Γκίκας, Ευρυδίκη, Ήβη, Γιώργος, Ζωή",
    "Iberian": "Íñigo, Ñusta, Txomin, Xuxa, Uxue, Jesús, Eñaut, Zé, Gonçalo, Ibai",
    "African": "Nkrumah, Mbeki, Ngugi wa Thiong'o, Mbwana, Ntshangase, Hlophe, Nxumalo, Tshwete, Mzwandile, Qhawe, Ndlovu, Mfundo",
    "Others": "Krvsky Pyotr, Nurzhan, Айгүл, Ұлы, Қыз, Żmijewski, Ŝanĝo, Kaʻiulani, Tȟatȟáŋka, Ngata, Whare",
}
