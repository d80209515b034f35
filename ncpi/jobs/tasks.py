"""Mail is sent from here and nowhere else."""

from smtplib import SMTPConnectError, SMTPServerDisconnected
from socket import gaierror

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from ncpi.jobs.models import Mail
from ncpi.jobs.steps import Away, job_step

UNREACHABLE = (ConnectionError, TimeoutError, gaierror, SMTPConnectError, SMTPServerDisconnected)


@job_step("ncpi.jobs.tasks.send_mail")
def send_mail(job):
    mail = Mail.objects.get(pk=job.args["mail"])
    if mail.sent_at:
        return
    # The fixed Message-ID lets a mail server drop the second copy if the worker dies after sending.
    message = EmailMultiAlternatives(
        mail.subject, mail.body, to=[mail.to], headers={"Message-ID": f"<mail-{mail.pk}@ncpi-readiness>"}
    )
    if mail.attachment_name:
        _attach(message, mail)
    try:
        message.send()
    except UNREACHABLE:
        raise Away("The mail server cannot be reached. The message waits for it.") from None
    Mail.objects.filter(pk=mail.pk, sent_at=None).update(sent_at=timezone.now())


def _attach(message, mail):
    """Attach a file; a calendar message is besides another way to read the mail, which calendars act on (RFC 6047)."""
    content, media_type = bytes(mail.attachment), mail.attachment_type
    if media_type.startswith("text/calendar"):
        message.attach_alternative(content.decode("utf-8"), media_type)
        media_type = "application/ics"
    message.attach(mail.attachment_name, content, media_type)
