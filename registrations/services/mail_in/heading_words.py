"""The words that mail programs put over a mail that is answered, in some thirty languages: 'From', 'Sent', 'To', 'Copy' and
'Subject', and 'Original message' between dashes. Which lines of them make a heading is said in `headings.py`."""

SENDER = (
    "from|von|absender|de|expéditeur|da|mittente|remitente|remetente|van|afzender|från|fra|afsender|avsender|lähettäjä|od|"
    "odesílatel|odosielateľ|nadawca|от|от кого|отправитель|від|від кого|kimden|gönderen|από|feladó|de la|expeditor|pošiljatelj|"
    "saatja|kellelt|no|nuo|siuntėjas|sūtītājs|од|dari|từ|người gửi|จาก|差出人|送信者|发件人|寄件者|寄件人|發件人|보낸 사람|"
    "보낸사람|من|מאת"
)
SENT = (
    "sent|date|gesendet|datum|gesendet am|envoyé|envoyé le|date d'envoi|inviato|data|data invio|enviado|enviado el|enviado em|"
    "enviada|enviada em|fecha|fecha de envío|verzonden|verzonden op|skickat|skickades|sendt|dato|lähetetty|päivämäärä|päiväys|"
    "odesláno|odoslané|wysłano|wysłane|dátum|elküldve|küldve|отправлено|дата|дата отправки|надіслано|gönderildi|gönderme "
    "tarihi|tarih|gönderilme|στάλθηκε|ημερομηνία|trimis|dată|poslano|poslato|saadetud|kuupäev|nosūtīts|datums|išsiųsta|изпратено|"
    "dikirim|tanggal|đã gửi|ngày|ส่ง|วันที่|送信日時|日付|日時|发送时间|发送日期|日期|時間|時间|时间|寄件日期|傳送日期|보낸 날짜|"
    "날짜|تاريخ الإرسال|التاريخ|تم الإرسال|תאריך|נשלח"
)
RECEIVER = (
    "to|an|empfänger|à|destinataire|a|destinatario|para|destinatário|aan|till|til|vastaanottaja|kenelle|komu|do|adresat|кому|"
    "kime|alıcı|προς|címzett|către|catre|za|prima|kellele|kam|kas|adresatas|до|kepada|đến|tới|ถึง|宛先|收件人|收件者|"
    "받는 사람|받는사람|إلى|אל"
)
COPY = (
    "cc|bcc|kopie|copie|copia|cópia|kopi|kopia|kopio|dw|udw|kopija|копия|копія|bilgi|κοιν|másolat|koopia|抄送|副本|참조|نسخة|"
    "עותק|reply-to|antwort an|antwort-an|répondre à|responder a"
)
SUBJECT = (
    "subject|betreff|objet|sujet|oggetto|asunto|assunto|onderwerp|ämne|emne|aihe|předmět|predmet|temat|тема|konu|θέμα|tárgy|"
    "subiect|zadeva|naslov|teema|temats|tēma|tema|относно|предмет|subyek|perihal|chủ đề|เรื่อง|หัวเรื่อง|件名|主题|主題|主旨|제목|"
    "الموضوع|נושא"
)
ORIGINAL_MESSAGE = (
    "original message|original-nachricht|originalnachricht|ursprüngliche nachricht|message d'origine|message original|mensaje "
    "original|mensagem original|messaggio originale|oorspronkelijk bericht|originalmeddelande|ursprungligt meddelande|"
    "oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|wiadomość "
    "pierwotna|původní zpráva|pôvodná správa|eredeti üzenet|mesaj original|mesajul original|исходное сообщение|оригинальное "
    "сообщение|пересылаемое сообщение|оригінальне повідомлення|оригинално съобщение|orijinal mesaj|özgün ileti|αρχικό μήνυμα|"
    "izvorna poruka|izvirno sporočilo|originalna poruka|algne kiri|algne sõnum|sākotnējais ziņojums|originalus laiškas|pesan "
    "asli|thư gốc|元のメッセージ|元のメール|原始邮件|原始郵件|원본 메시지|원본 메일|الرسالة الأصلية|הודעה מקורית"
)
# 'wrote', as it stands in the line over a quote; some of it is the beginning of a word.
WRITING = (
    "wrote|writes|schrieb|geschrieben|écrit|escribió|scritto|escreveu|schreef|geschreven|skrev|kirjoitti|napisał|pisze|napsal|"
    "napísal|píše|írta|a scris|yazdı|написал|пишет|пише|написав|написа|έγραψε|napisao|napisala|rašė|rakstīja|kirjutas|đã viết|"
    "menulis|写道|寫道|のメール|書きました|작성|כתב|كتب"
)
