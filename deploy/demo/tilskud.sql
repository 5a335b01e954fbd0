-- The grant system of Fjordby Kommune, a municipality that does not exist. Tables
-- and words are those of a Danish grant system; every association, number and
-- address is made up. CVR numbers are valid in form, from a range not in use;
-- telephone numbers begin with 10, which no subscriber has.
--
-- The hub reads `ansoeger` and `ansoegning`, the columns that
-- deploy/demo/tilskud.toml.in names and no others: `sagsnote` and `vurdering` stay in
-- the grant system. It writes the columns of `ansoeger` that are named there for it,
-- and no others.

PRAGMA journal_mode = DELETE;

CREATE TABLE ansoeger (
  ansoeger_id INTEGER PRIMARY KEY,
  cvr TEXT,
  navn TEXT NOT NULL,
  adresse TEXT,
  postnr TEXT,
  bynavn TEXT,
  email TEXT,
  telefon TEXT,
  hjemmeside TEXT,
  formaal TEXT,
  stiftet TEXT,
  status TEXT,
  sagsnote TEXT,
  -- What the hub may write: its own id for the association, how it stands there, and
  -- where it went. Never a name, a note or a deletion.
  brobygger_id TEXT UNIQUE,
  brobygger_status TEXT,
  brobygger_revision INTEGER,
  brobygger_afloeser TEXT
);

-- Most applicants have a record above; what came by paper or mail has only what is
-- written on it. Amounts are in kroner; `vurdering` is the case worker's own.
CREATE TABLE ansoegning (
  ansoegning_id INTEGER PRIMARY KEY,
  ansoeger_id INTEGER REFERENCES ansoeger (ansoeger_id),
  skrevet_navn TEXT,
  skrevet_cvr TEXT,
  forvaltning TEXT NOT NULL,
  pulje TEXT NOT NULL,
  formaal TEXT NOT NULL,
  modtaget TEXT NOT NULL,
  afgjort TEXT,
  fra TEXT,
  til TEXT,
  ansoegt NUMERIC NOT NULL,
  bevilget NUMERIC,
  udbetalt NUMERIC,
  status TEXT NOT NULL,
  kle TEXT,
  sagsnr TEXT,
  vurdering TEXT
);

INSERT INTO ansoeger (ansoeger_id, cvr, navn, adresse, postnr, bynavn, email, telefon, hjemmeside, formaal,
                      stiftet, status, sagsnote) VALUES
  (1001, '99100028', 'Afghansk Kulturforening i Fjordby', 'Havnegade 3', '9998', 'Fjordby', 'afghansk@fjordby-foreninger.example', '10 55 01 01', 'https://afghansk.example', 'Kultur, højtider og samvær for familier', '1984-01-01', 'aktiv', NULL),
  (1002, '99100044', 'Somalisk Kvindeforening Fjordby', 'Nørretorv 5', '9998', 'Fjordby', 'kvinder-fjordby@fjordby-foreninger.example', '10 55 01 02', NULL, 'Fællesskab og rådgivning for kvinder', '1991-06-12', 'aktiv', NULL),
  (1003, '99100060', 'Tyrkisk-Dansk Venskabsforening', 'Fabriksvej 7', '9998', 'Fjordby', 'venskab@fjordby-foreninger.example', '10 55 01 03', NULL, 'Venskab gennem musik, mad og dans', '1998-11-23', 'aktiv', NULL),
  (1004, '99100079', 'Eritreisk Forening Fjordby – ማሕበር ኤርትራ', 'Skolebakken 9', '9998', 'Fjordby', 'eritreisk@fjordby-foreninger.example', '10 55 01 04', 'https://eritreisk.example', 'Modersmål, kultur og lektiehjælp', '2005-04-06', 'aktiv', NULL),
  (1005, '99100095', 'المركز الثقافي العربي – Arabisk Kulturhus Fjordby', 'Rosenparken 11', '9998', 'Fjordby', 'kulturhus@fjordby-foreninger.example', '10 55 01 05', NULL, 'Arabisk bogcafé, kalligrafi og foredrag', '2012-09-17', 'hvilende', 'Aftalt opfølgning om lokaler.'),
  (1006, '99100109', 'Kurdisk Ungdom Fjordby', 'Søndre Kaj 13', '9998', 'Fjordby', 'ungdom@fjordby-foreninger.example', '10 55 01 06', NULL, 'Fritid og demokrati for unge', '2019-02-28', 'aktiv', NULL),
  (1007, '99100125', 'தமிழ்ச் சங்கம் – Tamilsk Forening Fjordby', 'Biblioteksgangen 15', '9998', 'Fjordby', 'tamilsk@fjordby-foreninger.example', '10 55 01 07', 'https://tamilsk.example', 'Tamilsk skole og dans', '1988-07-11', 'aktiv', NULL),
  (1008, '99100141', 'Українська громада – Ukrainsk Fællesskab Fjordby', 'Møllevangen 17', '9998', 'Fjordby', 'ukrainsk@fjordby-foreninger.example', '10 55 01 08', NULL, 'Hjælp til nyankomne og sprogtræning', '1995-12-22', 'under opstart', NULL),
  (1009, '99100168', 'Bosnisk Idræts- og Kulturforening', 'Havnegade 19', '9998', 'Fjordby', 'bosnisk@fjordby-foreninger.example', '10 55 01 09', NULL, 'Indefodbold, folkedans og sommerlejr', '2002-05-05', 'aktiv', NULL),
  (1010, '99100184', 'Hội Gia Đình Việt Nam i Fjordby', 'Nørretorv 21', '9998', 'Fjordby', 'vietnamesisk@fjordby-foreninger.example', '10 55 01 10', 'https://vietnamesisk.example', 'Familiefester, modersmål og madlavning', '2009-10-16', 'aktiv', NULL),
  (1011, '99100206', 'Sprogcaféen på Havnen', 'Fabriksvej 23', '9998', 'Fjordby', 'sprogcafe@fjordby-foreninger.example', '10 55 01 11', NULL, 'Dansk i hverdagen for alle, der vil øve sig', '2016-03-27', 'aktiv', NULL),
  (1012, '99100222', 'Kvinder på Tværs', 'Skolebakken 25', '9998', 'Fjordby', 'paa-tvaers@fjordby-foreninger.example', '10 55 01 12', NULL, 'Netværk for kvinder med forskellig baggrund', '1985-08-10', 'aktiv', NULL),
  (1013, '99100249', 'Fjordby Cricket og Idræt', 'Rosenparken 27', '9998', 'Fjordby', 'cricket@fjordby-foreninger.example', '10 55 01 13', 'https://cricket.example', 'Cricket og idræt for børn og voksne', '1992-01-21', 'aktiv', NULL),
  (1014, '99100265', 'Lektiecaféen Nordbyen', 'Søndre Kaj 29', '9998', 'Fjordby', 'lektiecafe@fjordby-foreninger.example', '10 55 01 14', NULL, 'Lektiehjælp for 6.-10. klasse', '1999-06-04', 'aktiv', 'Aftalt opfølgning om lokaler.'),
  (1015, '99100281', 'Fædregruppen Nordbyen', 'Biblioteksgangen 31', '9998', 'Fjordby', 'faedre@fjordby-foreninger.example', '10 55 01 15', NULL, 'Samvær for fædre og børn', '2006-11-15', 'hvilende', NULL),
  (1016, '99100303', 'Mødregruppen Solsikken', 'Møllevangen 33', '9998', 'Fjordby', 'solsikken@fjordby-foreninger.example', '10 55 01 16', 'https://solsikken.example', 'Samvær for mødre med små børn', '2013-04-26', 'aktiv', NULL),
  (1017, '99100338', 'Iransk Kulturforening Fjordby – انجمن فرهنگی ایرانیان', 'Havnegade 35', '9998', 'Fjordby', 'iransk@fjordby-foreninger.example', '10 55 01 17', NULL, 'Poesi, musik og nytårsfest', '2020-09-09', 'aktiv', NULL),
  (1018, '99100354', 'Filippinsk-Dansk Forening i Fjordby', 'Nørretorv 37', '9998', 'Fjordby', 'filippinsk@fjordby-foreninger.example', '10 55 01 18', NULL, 'Netværk for familier og nytilflyttere', '1989-02-20', 'under opstart', NULL),
  (1019, '99100370', 'Towarzystwo Polsko-Duńskie w Fjordby', 'Fabriksvej 39', '9998', 'Fjordby', 'polsk@fjordby-foreninger.example', '10 55 01 19', 'https://polsk.example', 'Polsk lørdagsskole og kulturdage', '1996-07-03', 'aktiv', NULL),
  (1020, '99100389', 'Haveforeningen Mangfoldighedens Have', 'Skolebakken 41', '9998', 'Fjordby', 'haven@fjordby-foreninger.example', '10 55 01 20', NULL, 'Fælles køkkenhave og høstfest', '2003-12-14', 'aktiv', NULL),
  (1021, '99100419', 'Fjordby Idrætsforening af 1921', 'Rosenparken 43', '9998', 'Fjordby', 'idraet1921@fjordby-foreninger.example', '10 55 01 21', NULL, 'Idræt for alle aldre', '1921-05-25', 'aktiv', NULL),
  (1022, '99100435', 'Nordbyens Beboerfond', 'Søndre Kaj 45', '9998', 'Fjordby', 'nordbyen@fjordby-foreninger.example', '10 55 01 22', 'https://nordbyen.example', 'Aktiviteter i boligområdet Nordbyen', '2017-10-08', 'aktiv', NULL),
  (1023, '99100451', 'Albansk Kulturforening Fjordby', 'Biblioteksgangen 47', '9998', 'Fjordby', 'albansk@fjordby-foreninger.example', '10 55 01 23', NULL, 'Kultur og modersmål', '1986-03-19', 'aktiv', 'Aftalt opfølgning om lokaler.'),
  (1024, '99100478', 'Pakistansk Forening i Fjordby', 'Møllevangen 49', '9998', 'Fjordby', 'pakistansk@fjordby-foreninger.example', '10 55 01 24', NULL, 'Kultur, cricket og højtider', '1993-08-02', 'aktiv', NULL),
  (1025, '99100494', 'Syrisk-Dansk Netværk', 'Havnegade 51', '9998', 'Fjordby', 'syrisk@fjordby-foreninger.example', '10 55 01 25', 'https://syrisk.example', 'Netværk mellem nye og gamle fjordbyere', '2000-01-13', 'hvilende', NULL),
  (1026, NULL, 'Fjordby Sangkor', 'Nørretorv 53', '9998', 'Fjordby', 'sangkor@fjordby-foreninger.example', '10 55 01 26', NULL, 'Korsang på mange sprog', '2007-06-24', 'aktiv', NULL),
  (1027, '99100524', 'Kinesisk Forening Fjordby 丹中友好协会', 'Fabriksvej 55', '9998', 'Fjordby', 'kinesisk@fjordby-foreninger.example', '10 55 01 27', NULL, 'Kalligrafi, te og tai chi', '2014-11-07', 'aktiv', NULL),
  (1028, '99100540', 'Thai-Dansk Forening i Fjordby', 'Skolebakken 57', '9998', 'Fjordby', 'thai@fjordby-foreninger.example', '10 55 01 28', 'https://thai.example', 'Mad, dans og nytårsfest', '2021-04-18', 'under opstart', NULL),
  (1029, '99100559', 'Unge Mødre i Fjordby', 'Rosenparken 59', '9998', 'Fjordby', 'unge-moedre@fjordby-foreninger.example', '10 55 01 29', NULL, 'Fællesskab for unge mødre', '1990-09-01', 'aktiv', NULL),
  (1030, '99100575', 'Foreningen Åben Skole Fjordby', 'Søndre Kaj 61', '9998', 'Fjordby', 'aaben-skole@fjordby-foreninger.example', '10 55 01 30', NULL, 'Fritidsaktiviteter på skolerne', '1997-02-12', 'aktiv', NULL),
  (1031, '99100591', 'Marokkansk Kulturforening Fjordby', 'Biblioteksgangen 63', '9998', 'Fjordby', 'marokkansk@fjordby-foreninger.example', '10 55 01 31', 'https://marokkansk.example', 'Kultur, mad og musik', '2004-07-23', 'aktiv', NULL),
  (1032, NULL, 'Palæstinensisk Kulturforening', 'Møllevangen 65', '9998', 'Fjordby', 'palaestinensisk@fjordby-foreninger.example', '10 55 01 32', NULL, 'Broderi, dans og foredrag', '2011-12-06', 'aktiv', 'Aftalt opfølgning om lokaler.'),
  (1033, '99100621', 'Rumænsk Forening Fjordby – Asociația Română', 'Havnegade 67', '9998', 'Fjordby', 'rumaensk@fjordby-foreninger.example', '10 55 01 33', NULL, 'Modersmål og familiearrangementer', '2018-05-17', 'aktiv', NULL),
  (1034, '99100648', 'Fjordby Karateskole', 'Nørretorv 69', '9998', 'Fjordby', 'karate@fjordby-foreninger.example', '10 55 01 34', 'https://karate.example', 'Kampsport for børn og unge', '1987-10-28', 'aktiv', NULL),
  (1035, '99100664', 'Integrationsnetværket Fjordby', 'Fabriksvej 71', '9998', 'Fjordby', 'netvaerket@fjordby-foreninger.example', '10 55 01 35', NULL, 'Netværk af foreninger om integration', '1994-03-11', 'hvilende', NULL),
  (1036, '99100680', 'Latinamerikansk Forening Fjordby', 'Skolebakken 73', '9998', 'Fjordby', 'latinamerikansk@fjordby-foreninger.example', '10 55 01 36', NULL, 'Salsa, spansk og fællesspisning', '2001-08-22', 'aktiv', NULL),
  (1037, '99100699', 'Assyrisk Kulturforening i Fjordby', 'Rosenparken 75', '9998', 'Fjordby', 'assyrisk@fjordby-foreninger.example', '10 55 01 37', 'https://assyrisk.example', 'Sprog, kor og kulturarv', '2008-01-05', 'aktiv', NULL),
  (1038, '99100729', 'Fjordby Skakklub', 'Søndre Kaj 77', '9998', 'Fjordby', 'skak@fjordby-foreninger.example', '10 55 01 38', NULL, 'Skak for alle', '2015-06-16', 'ophørt', NULL),
  (1039, NULL, 'Kvindenetværket Rosen', 'Biblioteksgangen 79', '9998', 'Fjordby', 'rosen@fjordby-foreninger.example', '10 55 01 39', NULL, 'Støtte og samvær for kvinder', '1984-11-27', 'aktiv', NULL),
  (1040, '99100761', 'Ghanesisk Forening Fjordby', 'Møllevangen 81', '9998', 'Fjordby', 'ghanesisk@fjordby-foreninger.example', '10 55 01 40', 'https://ghanesisk.example', 'Kultur og familiedage', '1991-04-10', 'aktiv', NULL),
  (1041, '99100788', 'Teatergruppen Mosaik', 'Havnegade 83', '9998', 'Fjordby', 'mosaik@fjordby-foreninger.example', '10 55 01 41', NULL, 'Teater på flere sprog', '1998-09-21', 'aktiv', 'Aftalt opfølgning om lokaler.'),
  (1042, '99100818', 'Fjordby Pigefodbold', 'Nørretorv 85', '9998', 'Fjordby', 'pigefodbold@fjordby-foreninger.example', '10 55 01 42', NULL, 'Fodbold for piger 8-18 år', '2005-02-04', 'aktiv', NULL),
  (1043, '99100834', 'Kurdisk Kulturforening Fjordby', 'Rosenparken 11', '9998', 'Fjordby', 'kurdisk-kultur@fjordby-foreninger.example', '10 55 01 43', NULL, 'Newroz, modersmål og kurdisk musik', '1994-05-14', 'aktiv', NULL),
  (1044, NULL, 'Kurdisk Kvindeforening Fjordby', 'Rosenparken 11', '9998', 'Fjordby', 'kurdiske-kvinder@fjordby-foreninger.example', '10 55 01 44', NULL, 'Fællesskab og syning for kvinder', '2010-09-03', 'aktiv', NULL);

-- The days count from the day the demo is made, so that it never grows old.
INSERT INTO ansoegning (ansoegning_id, ansoeger_id, skrevet_navn, skrevet_cvr, forvaltning, pulje, formaal, modtaget,
                        afgjort, fra, til, ansoegt, bevilget, udbetalt, status, kle, sagsnr, vurdering) VALUES
  (5001, 1001, NULL, NULL, 'Social og Sundhed', '§ 18-puljen', 'Madlavning for ældre og unge', date('now', '-40 days'), NULL, date('now', '+30 days'), date('now', '+210 days'), 11000, NULL, NULL, 'behandles', '27.15.12', '26/4101', NULL),
  (5002, 1004, NULL, NULL, 'Kultur og Fritid', 'Kulturpuljen', 'Modersmålsundervisning om lørdagen', date('now', '-75 days'), date('now', '-12 days'), date('now', '+40 days'), date('now', '+200 days'), 14000, 0, NULL, 'afslag', '20', '26/4102', 'Puljen er tom.'),
  (5003, 1007, NULL, NULL, 'Kultur og Fritid', 'Fritidspuljen', 'Dans for børn', date('now', '-200 days'), date('now', '-160 days'), date('now', '-120 days'), date('now', '+120 days'), 17000, 17000, 17000, 'udbetalt', '18.15.05', '26/4103', NULL),
  (5004, 1010, NULL, NULL, 'Social og Sundhed', '§ 18-puljen', 'Familiefest og fællesspisning', date('now', '-33 days'), NULL, date('now', '+60 days'), date('now', '+61 days'), 20000, NULL, NULL, 'mangler', '27.15.12', '26/4104', NULL),
  (5005, 1013, NULL, NULL, 'Kultur og Fritid', 'Kulturpuljen', 'Cricketskole i skoleferien', date('now', '-180 days'), date('now', '-150 days'), date('now', '-90 days'), date('now', '-60 days'), 23000, 0, NULL, 'afslag', '20', '26/4105', NULL),
  (5006, 1016, NULL, NULL, 'Kultur og Fritid', 'Fritidspuljen', 'Rytmik for mødre og børn', date('now', '-130 days'), date('now', '-100 days'), date('now', '-60 days'), date('now', '+180 days'), 26000, 20000, 10000, 'delvist', '18.15.05', '26/4106', NULL),
  (5007, 1019, NULL, NULL, 'Social og Sundhed', '§ 18-puljen', 'Besøgsvenner på plejehjem', date('now', '-20 days'), NULL, NULL, NULL, 29000, NULL, NULL, 'modtaget', '27.15.12', '26/4107', NULL),
  (5008, 1022, NULL, NULL, 'Kultur og Fritid', 'Kulturpuljen', 'Byfest i Nordbyen', date('now', '-60 days'), date('now', '-8 days'), date('now', '+100 days'), date('now', '+101 days'), 32000, 0, NULL, 'afslag', '20', '26/4108', NULL),
  (5009, 1025, NULL, NULL, 'Kultur og Fritid', 'Fritidspuljen', 'Fodboldturnering for nye og gamle fjordbyere', date('now', '-300 days'), date('now', '-270 days'), date('now', '-220 days'), date('now', '-219 days'), 35000, 35000, 35000, 'afsluttet', '18.15.05', '26/4109', NULL),
  (5010, 1014, NULL, NULL, 'Kultur og Fritid', 'Fritidspuljen', 'Sommerlejr for unge i Nordbyen', date('now', '-90 days'), date('now', '-45 days'), date('now', '+150 days'), date('now', '+157 days'), 38000, 30000, NULL, 'bevilget', '18.15.05', '26/4110', NULL),
  (5011, 1014, NULL, NULL, 'Social og Sundhed', '§ 18-puljen', 'Sommerlejr, unge fra Nordbyen', date('now', '-70 days'), date('now', '-15 days'), date('now', '+150 days'), date('now', '+157 days'), 41000, 25000, NULL, 'bevilget', '27.15.12', '26/4111', NULL),
  (5012, 1014, NULL, NULL, 'Social og Sundhed', '§ 18-puljen', 'Lektiehjælp to gange om ugen', date('now', '-70 days'), date('now', '-15 days'), date('now', '+10 days'), date('now', '+200 days'), 12500.50, 0, NULL, 'afslag', '27.15.12', '26/4112', NULL),
  (5013, 1034, NULL, NULL, 'Kultur og Fritid', 'Fritidspuljen', 'Udstyr til nye hold', date('now', '-110 days'), date('now', '-80 days'), NULL, NULL, 44000, 44000, 44000, 'regnskab', '18.15.05', '26/4113', NULL),
  (5014, NULL, 'Syrisk Dansk Netværk', '99100494', 'Integration og Medborgerskab', 'Integrationspuljen', 'Brobyggerkursus for nyankomne familier', date('now', '-25 days'), NULL, NULL, NULL, 47000, NULL, NULL, 'indstillet', '15.40', '26/4114', NULL),
  (5015, NULL, 'Palæstinensisk kulturforening (foreløbig)', NULL, 'Integration og Medborgerskab', 'Integrationspuljen', 'Broderiværksted', date('now', '-10 days'), NULL, NULL, NULL, 9000, NULL, NULL, 'modtaget', '15.40', '26/4115', NULL),
  (5016, 1037, NULL, NULL, 'Social og Sundhed', '§ 18-puljen', 'Strikkecafé', date('now', '-150 days'), date('now', '-149 days'), NULL, NULL, 5000, NULL, NULL, 'trukket', '27.15.12', '26/4116', NULL);
