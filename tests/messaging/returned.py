"""Mails that come back, in the shapes that well-known servers give them. All names are invented."""

from __future__ import annotations

_ORIGINAL = """\
Received: from portaal.example (portaal.example [192.0.2.7])
	by mx.verzender.example (Postfix) with ESMTPS id 4XyZ; Thu, 11 Feb 2027 09:00:01 +0100 (CET)
From: De Kersenboom <school@portaal.example>
To: {to}
Subject: ACTIE: uitnodiging
Message-ID: {message_id}
Auto-Submitted: auto-generated
"""


def postfix(
    message_id: str,
    to: str,
    status: str = "5.1.1",
    words: str = "smtp; 550 5.1.1 <x>: Recipient address rejected: User unknown",
    action: str = "failed",
) -> str:
    """With headers only, as RET=HDRS asks."""
    return f"""\
Return-Path: <>
Date: Thu, 11 Feb 2027 09:00:02 +0100 (CET)
From: MAILER-DAEMON@mx.verzender.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: bounces@portaal.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4XyZ.1770796802/mx.verzender.example"
Message-Id: <20270211080002.4XyZ@mx.verzender.example>

This is a MIME-encapsulated message.

--4XyZ.1770796802/mx.verzender.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.verzender.example.
I'm sorry to have to inform you that your message could not be delivered.

--4XyZ.1770796802/mx.verzender.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.verzender.example
X-Postfix-Queue-ID: 4XyZ
X-Postfix-Sender: rfc822; bounces@portaal.example
Arrival-Date: Thu, 11 Feb 2027 09:00:01 +0100 (CET)

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.post.example
Diagnostic-Code: {words}

--4XyZ.1770796802/mx.verzender.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

{_ORIGINAL.format(to=to, message_id=message_id)}
--4XyZ.1770796802/mx.verzender.example--
"""


def exim(message_id: str, to: str) -> str:
    """Says 5.0.0 whatever happened; the truth stands in the diagnostic code."""
    return f"""\
Return-path: <>
From: Mail Delivery System <Mailer-Daemon@exim.example>
To: bounces@portaal.example
References: {message_id}
Content-Type: multipart/report; report-type=delivery-status; boundary=1770796802-eximdsn-1804289383
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender
Auto-Submitted: auto-replied

--1770796802-eximdsn-1804289383
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

--1770796802-eximdsn-1804289383
Content-type: message/delivery-status

Reporting-MTA: dns; exim.example

Action: failed
Final-Recipient: rfc822;{to}
Status: 5.0.0
Remote-MTA: dns; mx.post.example
Diagnostic-Code: smtp; 550 5.1.1 unknown or illegal alias: {to}

--1770796802-eximdsn-1804289383
Content-type: message/rfc822

Return-path: <bounces@portaal.example>
{_ORIGINAL.format(to=to, message_id=message_id)}
Beste ouder

--1770796802-eximdsn-1804289383--
"""


def exchange(message_id: str, to: str) -> str:
    """In the reader's language, with HTML beside the text, under a code of its own."""
    return f"""\
From: <postmaster@gemeente.example>
To: <bounces@portaal.example>
Date: Thu, 11 Feb 2027 08:00:05 +0000
Content-Type: multipart/report; report-type=delivery-status;
 boundary="6b1f-b0a4-4b71_3d"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: nl-NL
Message-ID: <0f3c@gemeente.example>
In-Reply-To: {message_id}
References: {message_id}
Subject: Onbestelbaar: ACTIE: uitnodiging
Auto-Submitted: auto-replied
MIME-Version: 1.0

--6b1f-b0a4-4b71_3d
Content-Type: multipart/alternative; differences=Content-Type;
 boundary="inner-6b1f"

--inner-6b1f
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

Uw bericht kan niet worden bezorgd=2E

--inner-6b1f
Content-Type: text/html; charset="utf-8"

<html lang="nl"><body>Uw bericht kan niet worden bezorgd.</body></html>

--inner-6b1f--

--6b1f-b0a4-4b71_3d
Content-Type: message/delivery-status

Reporting-MTA: dns;EX01.gemeente.example
Received-From-MTA: dns;mx.verzender.example
Arrival-Date: Thu, 11 Feb 2027 08:00:04 +0000

Final-Recipient: rfc822;{to.upper()}
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup
X-Display-Name: {to}

--6b1f-b0a4-4b71_3d
Content-Type: message/rfc822

{_ORIGINAL.format(to=to, message_id=message_id)}
--6b1f-b0a4-4b71_3d--
"""


def gmail(message_id: str, to: str) -> str:
    """With a picture beside its words, and words that go over several lines."""
    return f"""\
Return-Path: <>
From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>
To: bounces@portaal.example
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: {message_id}
In-Reply-To: {message_id}
X-Failed-Recipients: {to}
Message-ID: <65c9.170a0220@mx.google.example>
Date: Thu, 11 Feb 2027 00:00:06 -0800 (PST)
Content-Type: multipart/report; boundary="000000000000f1b2c30611"; report-type=delivery-status

--000000000000f1b2c30611
Content-Type: multipart/related; boundary="000000000000f1c6880611"

--000000000000f1c6880611
Content-Type: text/html; charset="UTF-8"

<html><body>Adres niet gevonden</body></html>
--000000000000f1c6880611
Content-Type: image/png; name="icon.png"
Content-Transfer-Encoding: base64
Content-ID: <icon.png>

iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
--000000000000f1c6880611--

--000000000000f1b2c30611
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.example
Arrival-Date: Thu, 11 Feb 2027 00:00:05 -0800 (PST)
X-Original-Message-ID: {message_id}

Final-Recipient: rfc822; {to}
Action: failed
Status: 5.1.1
Remote-MTA: dns; gmail-smtp-in.l.google.example. (192.0.2.26, the server for the domain.)
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try
 550-5.1.1 double-checking the recipient's email address for typos or
 550 5.1.1 unnecessary spaces. - gsmtp
Last-Attempt-Date: Thu, 11 Feb 2027 00:00:06 -0800 (PST)

--000000000000f1b2c30611
Content-Type: message/rfc822

{_ORIGINAL.format(to=to, message_id=message_id)}
Beste ouder
--000000000000f1b2c30611--
"""


def vacation(message_id: str) -> str:
    return f"""\
From: moeder@post.example
To: bounces@portaal.example
Subject: Re: ACTIE: uitnodiging
In-Reply-To: {message_id}
References: {message_id}
Auto-Submitted: auto-replied (vacation)
Content-Type: text/plain

Ik ben met vakantie.
"""


def complaint(message_id: str) -> str:
    """A feedback loop's report: the reader pressed "this is spam"."""
    return f"""\
From: feedback@post.example
To: bounces@portaal.example
Subject: FW: ACTIE: uitnodiging
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="part1"

--part1
Content-Type: text/plain

This is an email abuse report.

--part1
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1

--part1
Content-Type: message/rfc822

{_ORIGINAL.format(to="redacted@post.example", message_id=message_id)}
--part1--
"""
