"""Single registrations, each at a point worth a look: a question open, days running out, a rule that refused."""

from demo.story import Story

_PARTNER_WAITS = [
    Story(
        "harbour-question",
        "alice",
        "Elbinsel Hafenbetriebe",
        "DE Hamburg, 21107",
        "fleet-manager*1=96000 remote-access*40=48000",
        [
            "6@08:30 submit",
            "3@14:00 ask Which terminal is this for, and who there asked for the offer? The port's own IT has a frame "
            "contract with direct sales for two of the four.",
        ],
        site="elbinsel-hafen.example",
        industry="logistics",
        deal="Crane connectivity",
    ),
    Story(
        "brewery-question",
        "marco",
        "Birrificio San Gottardo",
        "IT Como, 22100",
        "energy-insight*6=112000",
        ["5@09:15 submit", "2@11:20 ask Please attach the notes of the meeting, or tell us who took part."],
        site="birrificio-sg.example",
        industry="food",
        deal="Energy per hectolitre",
    ),
    Story(
        "tower-question",
        "denise",
        "Northern Lights Convention Centre",
        "CA Ottawa, K1P 1J1",
        "energy-insight*11=130000",
        [
            "16 submit",
            "14 ask Is the building run by the city? Then the tender rule may apply.",
            "9 answer It is run by a private trust; the lease is attached to our mail of Tuesday.",
            "3@15:10 ask Thank you. One more: does the trust or the operator sign?",
        ],
        site="nlcc.example",
        industry="buildings",
        deal="Chiller and elevator data",
    ),
    Story(
        "check-failed",
        "rahul",
        "Zephyr Glass Works",
        "US Toledo, 43604",
        "vision-inspect*3=33000",
        ["1@16:05 submit unchecked"],
        site="zephyrglass.example",
        industry="chemicals",
        deal="Edge inspection on float glass",
    ),
]

_DAYS_RUN_OUT = [
    Story(
        "five-days",
        "alice",
        "Werra Kaliwerke GmbH",
        "DE Heringen, 36266",
        "signal-historian*1=31000 energy-insight*5=22000",
        ["101 submit", "56@23:50 update"],
        site="werra-kali.example",
        industry="chemicals",
        deal="Shaft ventilation energy",
    ),
    Story(
        "twenty-days",
        "alice",
        "Sankt Veit Kliniken",
        "AT Klagenfurt, 9020",
        "energy-insight*8=37000",
        ["41@23:50 submit"],
        site="st-veit-kliniken.example",
        industry="pharma",
        deal="Energy figures by ward",
    ),
    Story(
        "reminded",
        "alice",
        "Lübecker Marzipanhaus",
        "DE Lübeck, 23552",
        "vision-inspect*4=35000",
        ["63 submit", "31@05:00 update The quality lead saw the demo; a trial on one line is agreed."],
        site="marzipanhaus-luebeck.example",
        industry="food",
        deal="Praline inspection",
    ),
]

_ENDED = [
    Story(
        "tender",
        "priya",
        "Thames Basin Flood Authority",
        "GB Reading, RG1 1AF",
        "signal-historian*2=77000",
        ["37 submit"],
        site="thamesbasin.example",
        industry="energy",
        deal="Gauge archive",
        fields={"tender": True},
    ),
    Story(
        "suspended",
        "gareth",
        "Brecon Slate Quarries",
        "GB Brecon, LD3 7HP",
        "edge-runtime*8=15000",
        ["21 suspend", "19 submit"],
        site="breconslate.example",
        industry="metals",
        deal="Saw monitoring",
    ),
    Story(
        "not-worked",
        "gareth",
        "Ebbw Vale Coatings",
        "GB Ebbw Vale, NP23 6AA",
        "energy-insight*3=26000",
        [
            "75 submit",
            "24 revoke inactive: The customer told us that nobody has called since March. You may register again "
            "once you are back in contact. // Third complaint about this firm this year.",
        ],
        site="ebbwcoatings.example",
        industry="metals",
        deal="Oven energy",
    ),
    Story(
        "reborn",
        "dan",
        "Spreewald Konserven eG",
        "DE Lübbenau, 03222",
        "vision-inspect*2=21000 energy-insight*2=88000",
        [
            "52 submit",
            "50 refuse no_contact: We could not see that you have spoken with the company. Send us the date of the "
            "meeting and a name, and we will look again.",
        ],
        site="spreewald-konserven.example",
        industry="food",
        deal="Jar inspection",
        fields={"contact_made": "", "contact_on": None, "contact_note": ""},
    ),
]

_ASKED = [
    Story(
        "dry-dock",
        "alice",
        "Förde Trockendock",
        "DE Kiel, 24143",
        "edge-runtime*12=41000",
        [
            "47 submit",
            "2@10:40 extend The dock is booked with a cruise ship until spring, and nobody may go near the pumps. The "
            "technical lead has written that we go on after that.",
        ],
        site="foerde-dock.example",
        industry="logistics",
        deal="Pump house sensors",
    ),
    Story(
        "cable-car",
        "marco",
        "Funivie del Brenta",
        "IT Trento, 38121",
        "signal-historian*1=38000",
        [
            "66 submit",
            "21 extend The season has begun and they change nothing before it is over.",
            "19 grant Understandable. Please report once the season is over.",
        ],
        site="funivie-brenta.example",
        industry="logistics",
        deal="Cable tension archive",
    ),
    Story(
        "disputed",
        "alice",
        "Ostsee Fischverarbeitung",
        "DE Sassnitz, 18546",
        "vision-inspect*9=118000",
        [
            "8@09:10 submit",
            "6@11:30 refuse early: There is no project yet: neither a budget nor somebody who would decide about one.",
            "3@08:50 appeal The budget was approved on the 14th; the minutes name the plant manager as the one who "
            "decides. We had not attached them.",
        ],
        site="ostsee-fisch.example",
        industry="food",
        deal="Fillet inspection",
    ),
    Story(
        "settled",
        "dan",
        "Havelland Saatzucht",
        "DE Nauen, 14641",
        "energy-insight*14=121000",
        [
            "38 submit",
            "35 refuse size: The part of it that is ours is far below the size that registrations start at.",
            "31 appeal With the second phase it is four times as large.",
            "29 dismiss The second phase is not ordered, and may never be. Register it once it is.",
        ],
        site="havelland-saat.example",
        industry="food",
        deal="Drying energy",
    ),
]

STORIES = [*_PARTNER_WAITS, *_DAYS_RUN_OUT, *_ENDED, *_ASKED]
