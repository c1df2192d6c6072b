import type { mail as english } from '../en/mail.ts';
import type { Translation } from '../message-types.ts';

export const mail: Translation<typeof english> = {
  mail: {
    greeting: 'Guten Tag, {person},',
    greetingNobody: 'Guten Tag,',
    address: 'Oder kopieren Sie diese Adresse in einen Browser:',
    footer: 'Automatisch gesendet von {product} auf {host}. Antworten auf diese E-Mail werden nicht gelesen.',
    when: 'Wann',
    account: 'Konto',
    wasItYou: 'Waren Sie es? Dann ist nichts zu tun.',
    asked: 'Waren Sie es, oder haben Sie darum gebeten? Dann ist nichts zu tun.',
    takeBack:
      'Wenn nicht, sagen Sie es jetzt: Alle werden abgemeldet, das Passwort gilt nicht mehr, und Sie bekommen einen Link für ein neues. Sagen Sie es dann Ihrer Administration.',
    notMe: 'Das war ich nicht',
    newPassword: 'Neues Passwort wählen',
    days: '{count, plural, one {einen Tag} other {# Tage}}',
    hours: '{count, plural, one {eine Stunde} other {# Stunden}}',
    minutes: '{count, plural, one {eine Minute} other {# Minuten}}',
  },
  recoveryMail: {
    subject: 'Neues Passwort wählen',
    preview: 'Ihr Link. Er funktioniert einmal, {lifetime} lang.',
    asked: 'Jemand, hoffentlich Sie, hat ein neues Passwort für Ihr Konto {userName} angefordert.',
    limits:
      'Der Link funktioniert einmal, in jedem Browser, {lifetime} lang. Danach wird alles abgemeldet, was mit dem alten Passwort angemeldet ist.',
    surprise:
      'Sie haben nicht darum gebeten? Dann tun Sie nichts: Ihr Passwort bleibt, wie es ist. Leiten Sie diese E-Mail niemals weiter.',
  },
  invitationMail: {
    subject: 'Ihr neues Konto',
    heading: 'Für Sie wurde ein Konto angelegt',
    preview: 'Wählen Sie zu Beginn ein Passwort. Der Link funktioniert {lifetime} lang.',
    made: 'Sie haben ein Konto auf {host}. Der Benutzername ist {userName}.',
    button: 'Passwort wählen',
    limits:
      'Der Link funktioniert einmal, in jedem Browser, {lifetime} lang. Er ist verloren? Bitten Sie die Person, die das Konto angelegt hat, um einen neuen.',
    surprise:
      'Sie haben das nicht erwartet? Dann hat sich vielleicht jemand bei der Adresse vertippt. Tun Sie nichts, oder fragen Sie Ihre Administration.',
  },
  signUpMail: {
    subject: 'Ihr Konto erstellen',
    preview: 'Mit dem Link in dieser E-Mail geht es weiter.',
    asked: 'Jemand, hoffentlich Sie, möchte mit dieser Adresse ein Konto auf {host}.',
    button: 'Weiter',
    limits: 'Der Link funktioniert einmal, in jedem Browser, {lifetime} lang.',
    surprise: 'Sie haben nicht darum gebeten? Dann tun Sie nichts: Ohne Sie entsteht kein Konto.',
  },
  alreadyRegisteredMail: {
    subject: 'Sie haben schon ein Konto',
    preview: 'Mit dem Link in dieser E-Mail geht es weiter.',
    exists: 'Jemand, hoffentlich Sie, möchte mit dieser Adresse ein Konto auf {host}. Es gibt schon eines: {userName}.',
    forgotten: 'Sie haben Ihr Passwort vergessen?',
    surprise: 'Sie haben nicht darum gebeten? Dann tun Sie nichts: Es hat sich nichts geändert.',
  },
  verifyEmailMail: {
    subject: 'E-Mail-Adresse bestätigen',
    heading: 'Ist das Ihre Adresse?',
    preview: 'Bestätigen Sie sie mit dem Link in dieser E-Mail.',
    asked:
      'Im Konto {userName} auf {host} ist {address} als Ihre Adresse angegeben. Wenn Sie sie bestätigen, können Sie sich damit anmelden und wieder Zugang erhalten.',
    button: 'Diese Adresse bestätigen',
    limits: 'Der Link funktioniert einmal, in jedem Browser, {lifetime} lang.',
    surprise: 'Das ist nicht Ihr Konto? Dann tun Sie nichts: Ohne Sie wird die Adresse nicht bestätigt.',
  },
  passwordChangedMail: {
    subject: 'Ihr Passwort wurde geändert',
    by: {
      self: 'Das Passwort Ihres Kontos {userName} wurde auf der Kontoseite geändert. Andere Browser wurden abgemeldet.',
      link: 'Das Passwort Ihres Kontos {userName} wurde mit einem Einmal-Link gesetzt. Alles, was angemeldet war, wurde abgemeldet.',
      administrator:
        'Die Administration hat das Passwort Ihres Kontos {userName} gesetzt. Alles, was angemeldet war, wurde abgemeldet.',
    },
  },
  secondFactorChangedMail: {
    subject: 'Ihre Anmeldung wurde geändert',
    change: {
      totp_added: 'Für Ihr Konto {userName} wurde eine Authenticator-App als zweiter Schritt eingerichtet.',
      totp_removed:
        'Die Authenticator-App Ihres Kontos {userName} wurde entfernt. Das Passwort allein genügt wieder zur Anmeldung.',
      recovery_codes_issued:
        'Für Ihr Konto {userName} wurden neue Wiederherstellungscodes erstellt. Die bisherigen funktionieren nicht mehr.',
      recovery_code_used:
        'Mit einem Wiederherstellungscode wurde Ihr Konto {userName} angemeldet. Dieser Code funktioniert nicht noch einmal.',
      removed_after_waiting:
        'Die Wartezeit war um: Die zweiten Schritte Ihres Kontos {userName} wurden entfernt. Ein Passwort genügt wieder zum Anmelden.',
      removed_by_administrator:
        'Die Administration hat die zweiten Schritte Ihres Kontos {userName} entfernt. Das Passwort allein genügt wieder zur Anmeldung.',
    },
  },
  emailChangeMail: {
    subject: 'Bestätigen Sie die Änderung Ihrer E-Mail-Adresse',
    preview: 'Ohne Sie ändert sich nichts.',
    former:
      'Jemand, hoffentlich Sie, möchte die Adresse Ihres Kontos {userName} bei {host} von {former} auf {address} ändern.',
    new: 'Jemand, hoffentlich Sie, möchte {address} als Adresse des Kontos {userName} bei {host}.',
    button: 'Änderung ansehen',
    limits:
      'Der Link gilt einmal, in jedem Browser, {lifetime} lang. Die Adresse ändert sich, wenn die Links in beiden E-Mails geöffnet wurden.',
    limitsFirst: 'Der Link gilt einmal, in jedem Browser, {lifetime} lang.',
    surpriseFormer:
      'Sie haben das nicht verlangt? Dann öffnen Sie den Link nicht und ändern Sie Ihr Passwort: Jemand ist als Sie angemeldet.',
    surpriseNew: 'Sie haben das nicht erwartet? Dann tun Sie nichts: Ohne Sie ändert sich nichts.',
  },
  emailChangedMail: {
    subject: 'Ihre E-Mail-Adresse wurde geändert',
    heading: 'Diese Adresse gehört nicht mehr zum Konto',
    preview: 'E-Mails zu dem Konto gehen ab jetzt woandershin.',
    changed: '{address} ist keine Adresse des Kontos {userName} mehr. E-Mails zu dem Konto gehen ab jetzt woandershin.',
    fine: 'Haben Sie oder Ihre Administration das gewollt? Dann ist nichts zu tun.',
    surprise:
      'Wenn nicht, sagen Sie es sofort Ihrer Administration: Von dieser Adresse aus können Sie das Konto nicht selbst zurückholen.',
    takeBack: 'Wenn nicht, holen Sie Ihre Adresse jetzt zurück. Das geht bis {until}.',
  },
  accountDeletedMail: {
    subject: 'Ihr Konto wurde gelöscht',
    preview: 'Jemand, der als Sie angemeldet war, hat das verlangt.',
    deleted: 'Das Konto {userName} bei {host} wurde von seiner Kontoseite aus gelöscht.',
    fine: 'Haben Sie das gewollt? Dann ist nichts zu tun.',
    surprise:
      'Wenn nicht, sagen Sie es sofort Ihrer Administration: Ein gelöschtes Konto lässt sich eine Zeit lang zurückholen.',
  },
  factorRecoveryMail: {
    startedSubject: 'Ihr zweiter Schritt soll entfernt werden',
    reminderSubject: 'Ihr zweiter Schritt soll weiterhin entfernt werden',
    startedPreview: 'Sie können es stoppen.',
    started:
      'Jemand, der das Passwort Ihres Kontos {userName} bei {host} kennt, hat gesagt, dass der zweite Schritt und auch die Wiederherstellungscodes verloren sind.',
    ripeAt: 'Entfernbar ab',
    mine: 'Waren Sie es? Dann warten Sie: An jenem Tag kommt ein Link.',
    stop: 'Wenn nicht, stoppen Sie es jetzt. Ändern Sie dann Ihr Passwort: Jemand anderes kennt es.',
    stopLabel: 'Stoppen',
    readySubject: 'Ihr zweiter Schritt kann jetzt entfernt werden',
    ready: 'Die Wartezeit für Ihr Konto {userName} ist um, und niemand hat es gestoppt.',
    button: 'Weiter',
    limits: 'Der Link gilt einmal, in jedem Browser, {lifetime} lang. Er stoppt die Entfernung auch.',
  },
  administratorRecoveredMail: {
    subject: 'Ein Administrator hat wieder Zugang',
    heading: 'Ein Administrator hat über die Befehlszeile wieder Zugang erhalten',
    preview: 'Jemand mit Zugang zum Server hat den Notfallbefehl verwendet.',
    happened:
      'Jemand mit Zugang zum Server von {host} hat den Notfallbefehl verwendet: {recovered} hat Administrationsrechte und kann mit einem Einmal-Link ein neues Passwort setzen.',
    fine: 'War das abgesprochen? Dann ist nichts zu tun.',
    surprise:
      'Wenn nicht, beherrscht jemand anderes den Server oder seine Datenbank. Nehmen Sie ihn vom Netz, und suchen Sie im Audit-Log nach administrators.recovered.',
  },
  newDeviceMail: {
    subject: 'Neuer Browser in Ihrem Konto angemeldet',
    heading: 'Ein neuer Browser hat sich angemeldet',
    happened:
      'In Ihrem Konto {userName} hat sich jemand mit einem Browser angemeldet, der dafür noch nicht verwendet wurde.',
    browser: 'Browser',
    address: 'Netzwerkadresse',
    unknown: 'nicht mitgeteilt',
  },
  newPlaceMail: {
    subject: 'Ihr Konto wurde an einem neuen Ort verwendet',
    heading: 'Anmeldung an einem neuen Ort',
    happened:
      'In Ihrem Konto {userName} hat sich jemand mit einem bekannten Browser angemeldet, aber an einem Ort, an dem Sie sich zuletzt nicht angemeldet haben.',
  },
};
