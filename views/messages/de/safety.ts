import type { safety as english } from '../en/safety.ts';
import type { Translation } from '../message-types.ts';

export const safety: Translation<typeof english> = {
  ownEmail: {
    title: 'E-Mail-Adresse',
    lead: 'E-Mails zu Ihrem Konto gehen an {address}.',
    none: 'Ihr Konto hat noch keine E-Mail-Adresse.',
    change: 'E-Mail-Adresse ändern',
    field: 'Neue E-Mail-Adresse',
    hint: 'An die alte und an die neue Adresse geht je ein Link. Die Adresse ändert sich, wenn beide geöffnet wurden.',
    hintFirst: 'An diese Adresse geht ein Link. Wenn Sie ihn öffnen, wird sie zu Ihrer.',
    submit: 'Senden',
    pendingTitle: 'Eine Änderung läuft',
    pending: 'Ihre Adresse wird {address}, sobald die Links an diese Adressen geöffnet sind, spätestens am {until}:',
    cancel: 'Alte Adresse behalten',
    throttled: 'Vor Kurzem wurden Links verschickt. Sehen Sie in Ihre E-Mails, oder warten Sie {wait}.',
    problem: {
      form_expired: 'Diese Seite war zu lange geöffnet. Bitte versuchen Sie es noch einmal.',
      change_off: 'Ihre Adresse wird von Ihrer Organisation verwaltet. Bitten Sie Ihre Administration, sie zu ändern.',
      address_invalid: 'Geben Sie eine E-Mail-Adresse ein, etwa sie@example.com.',
      address_same: 'Das ist schon Ihre Adresse.',
    },
  },
  confirmEmailChange: {
    title: 'Adresse eines Kontos ändern',
    lead: 'Die Adresse des Kontos {person} soll von {former} auf {address} geändert werden.',
    leadFirst: 'Das Konto {person} soll die Adresse {address} bekommen.',
    effect: 'Wer die neue Adresse hat, kann sich dann mit ihr anmelden und wieder in das Konto gelangen.',
    confirm: 'Ja, ändern',
    stranger: 'Sie wollen das nicht? Dann schließen Sie diese Seite: Ohne Sie ändert sich nichts.',
    waitingTitle: 'Noch ein Schritt',
    waiting: 'Danke. Die Adresse ändert sich, wenn auch der Link im anderen Postfach geöffnet ist.',
    doneTitle: 'Ihre Adresse ist geändert',
    done: 'E-Mails zu Ihrem Konto gehen ab jetzt an {address}.',
  },
  undoEmailChange: {
    title: 'Ihre Adresse zurückholen',
    lead: 'Die Adresse des Kontos {person} wurde von {former} auf {address} geändert.',
    effect:
      'Wenn Sie das nicht waren: Ihre alte Adresse gilt wieder, alle werden abgemeldet, das Passwort gilt nicht mehr, und Sie bekommen einen Link für ein neues.',
    undo: 'Das war ich nicht: zurückholen',
    stranger: 'Waren Sie es? Dann schließen Sie diese Seite.',
    doneTitle: 'Ihre Adresse gilt wieder',
    done: 'Alle wurden abgemeldet, und das alte Passwort gilt nicht mehr. Sehen Sie in Ihre E-Mails an {former}: Der Link dort führt zu einem neuen.',
  },
  notMe: {
    title: 'Waren Sie das nicht?',
    lead: 'Jemand anderes ist vielleicht im Konto {person}.',
    effect:
      'Holen Sie es zurück: Alle werden sofort abgemeldet, das Passwort gilt nicht mehr, und Sie bekommen einen Link für ein neues.',
    confirm: 'Das war ich nicht: zurückholen',
    stranger: 'Waren Sie es? Dann schließen Sie diese Seite: Es geschieht nichts.',
    doneTitle: 'Das Konto gehört wieder Ihnen',
    done: 'Alle wurden abgemeldet, und das alte Passwort gilt nicht mehr.',
    next: 'Sehen Sie in Ihre E-Mails: Der Link dort führt zu einem neuen Passwort. Sagen Sie es dann Ihrer Administration.',
  },
  trustedDevices: {
    title: 'Browser ohne zweiten Schritt',
    lead: 'In diesen werden Sie nur nach Ihrem Passwort gefragt.',
    until: 'Bis',
    end: 'Wieder fragen',
    endThis: 'In {browser} wieder fragen, zuletzt verwendet {when}',
  },
};
