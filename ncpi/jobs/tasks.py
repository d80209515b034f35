"""Mail is sent from here and nowhere else."""

from smtplib import SMTPConnectError, SMTPServerDisconnected
from socket import gaierror

from django.core.mail import EmailMessage
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
    message = EmailMessage(
        mail.subject, mail.body, to=[mail.to], headers={"Message-ID": f"<mail-{mail.pk}@ncpi-readiness>"}
    )
    if mail.attachment_name:
        message.attach(mail.attachment_name, bytes(mail.attachment), mail.attachment_type)
    try:
        message.send()
    except UNREACHABLE:
        raise Away("The mail server cannot be reached. The message waits for it.") from None
    Mail.objects.filter(pk=mail.pk, sent_at=None).update(sent_at=timezone.now())
