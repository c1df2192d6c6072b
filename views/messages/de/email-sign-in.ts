import type { emailSignIn as english } from '../en/email-sign-in.ts';
import type { Translation } from '../message-types.ts';

export const emailSignIn: Translation<typeof english> = {
  emailSignIn: {
    link: 'Mit einem Code per E-Mail anmelden',
    title: 'Mit einem Code per E-Mail anmelden',
    lead: 'Ein Code geht an Ihre E-Mail-Adresse. Mehr brauchen Sie nicht.',
    submit: 'Code senden',
    back: 'Anders anmelden',
    throttled: 'Vor Kurzem wurde ein Code gesendet. Sehen Sie in Ihren E-Mails nach, oder warten Sie {wait}.',
    problem: {
      form_expired: 'Diese Seite war zu lange offen. Bitte versuchen Sie es noch einmal.',
      user_name_missing: 'Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein.',
      ended: 'Dieser Code gilt nicht mehr. Fordern Sie einen neuen an.',
    },
  },
  emailCode: {
    title: 'Sehen Sie in Ihren E-Mails nach',
    lead: 'Wenn es ein Konto mit bestätigter Adresse gibt, ist ein Code mit acht Ziffern unterwegs. Geben Sie ihn hier ein.',
    leadLink:
      'Wenn es ein Konto mit bestätigter Adresse gibt, ist eine E-Mail unterwegs. Geben Sie ihren Code hier ein, oder öffnen Sie ihren Link in diesem Browser.',
    label: 'Code',
    none: 'Nichts da? Sehen Sie auch bei den unerwünschten E-Mails nach. Es kann einige Minuten dauern.',
    again: 'Einen neuen Code senden',
    problem: {
      wrong_code: 'Das ist nicht der Code der neuesten E-Mail. Bitte sehen Sie noch einmal nach.',
      form_expired: 'Diese Seite war zu lange offen. Bitte geben Sie den Code noch einmal ein.',
    },
  },
  emailLink: {
    title: 'Jetzt anmelden?',
    submit: 'Anmelden',
    elsewhereTitle: 'Öffnen Sie diesen Link dort, wo Sie begonnen haben',
    elsewhere:
      'Er meldet Sie nur in dem Browser an, in dem Sie ihn angefordert haben, einmal und zehn Minuten lang. Öffnen Sie ihn dort, geben Sie dort den Code der E-Mail ein, oder fordern Sie einen neuen an.',
    surprise: 'Sie haben ihn nicht angefordert? Dann schließen Sie diese Seite: Ohne Sie geschieht nichts.',
  },
  emailSignInMail: {
    subject: 'Ihr Code zur Anmeldung',
    preview: 'Er gilt einmal, {lifetime} lang.',
    previewMore: 'Bitte melden Sie sich anders an.',
    asked: 'Jemand, hoffentlich Sie, möchte sich bei Ihrem Konto {userName} anmelden.',
    more: 'Jemand, hoffentlich Sie, hat einen Code zur Anmeldung bei Ihrem Konto {userName} angefordert. Sie nutzen eine Authenticator-App, deshalb genügt ein Postfach nicht: Melden Sie sich mit Ihrem Passwort oder einem Passkey an.',
    code: 'Code',
    button: 'Anmelden',
    limits: 'Der Code gilt einmal, {lifetime} lang und nur in dem Browser, der ihn angefordert hat.',
    limitsLink: 'Code und Link gelten einmal, {lifetime} lang und nur in dem Browser, der sie angefordert hat.',
    surprise:
      'Sie haben dies nicht angefordert? Dann tun Sie nichts. Verraten Sie den Code niemandem: Wer Ihnen hilft, fragt nie danach.',
  },
};
