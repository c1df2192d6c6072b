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
      'Holen Sie es zurück: Alle werden sofort abgemeldet, das Passwort und Passkeys der letzten Woche gelten nicht mehr, und Sie bekommen einen Link für ein neues Passwort.',
    confirm: 'Das war ich nicht: zurückholen',
    stranger: 'Waren Sie es? Dann schließen Sie diese Seite: Es geschieht nichts.',
    doneTitle: 'Das Konto gehört wieder Ihnen',
    done: 'Alle wurden abgemeldet, und das alte Passwort und Passkeys der letzten Woche gelten nicht mehr.',
    next: 'Sehen Sie in Ihre E-Mails: Der Link dort führt zu einem neuen Passwort. Sagen Sie es dann Ihrer Administration.',
  },
  trustedDevices: {
    title: 'Browser ohne zweiten Schritt',
    lead: 'In diesen werden Sie nur nach Ihrem Passwort gefragt.',
    until: 'Bis',
    end: 'Wieder fragen',
    endThis: 'In {browser} wieder fragen, zuletzt verwendet {when}',
  },
  lostFactor: {
    passkey: {
      link: 'Ich habe weder einen Passkey noch einen Wiederherstellungscode',
      faster:
        'Ihre Administration kann Ihnen schneller helfen. Finden Sie den Passkey wieder? Dann melden Sie sich mit ihm an, und dies endet von selbst.',
      back: 'Doch den Passkey verwenden',
    },
    link: 'Ich habe weder die App noch einen Wiederherstellungscode',
    title: 'Ist Ihr zweiter Schritt verloren?',
    lead: 'Er kann nach {days, plural, one {# Tag} other {# Tagen}} entfernt werden. Bis dahin kann das jeder stoppen, der eines Ihrer Postfächer hat oder als Sie angemeldet ist, und auch eine Administratorin oder ein Administrator.',
    faster:
      'Ihre Administration kann Ihnen schneller helfen. Finden Sie die App oder einen Code wieder? Dann melden Sie sich damit an, und dies endet von selbst.',
    start: 'Wartezeit beginnen',
    back: 'Doch einen Code eingeben',
    startedTitle: 'Die Wartezeit hat begonnen',
    started: 'Am {when} kommt per E-Mail ein Link, der den zweiten Schritt entfernt. Bis dahin ändert sich nichts.',
    problem: {
      form_expired: 'Diese Seite war zu lange geöffnet. Bitte versuchen Sie es noch einmal.',
      no_address:
        'Ihr Konto hat keine bestätigte E-Mail-Adresse, niemand könnte benachrichtigt werden. Wenden Sie sich an Ihre Administration.',
      administrator:
        'Sie sind Administratorin oder Administrator. Jemand anderes mit dieser Rolle oder wer diesen Dienst betreibt, entfernt Ihren zweiten Schritt.',
    },
  },
  factorRecovery: {
    title: 'Entfernung Ihres zweiten Schritts',
    lead: 'Jemand, der das Passwort des Kontos {person} kennt, hat gesagt, dass der zweite Schritt verloren ist.',
    effectStop: 'Wenn Sie das nicht waren, stoppen Sie es. Ändern Sie dann Ihr Passwort: Jemand anderes kennt es.',
    effectFinish:
      'Die Wartezeit ist um. Entfernen Sie den zweiten Schritt, dann genügt Ihr Passwort zum Anmelden. Richten Sie danach einen neuen ein.',
    finish: 'Zweiten Schritt entfernen',
    stop: 'Stoppen',
    stoppedTitle: 'Es ist gestoppt',
    stopped:
      'Der zweite Schritt bleibt. Jemand anderes kennt das Passwort, wenn Sie es nicht selbst waren: Ändern Sie es jetzt.',
    finishedTitle: 'Der zweite Schritt ist entfernt',
    finished: 'Melden Sie sich mit Ihrem Passwort an und richten Sie einen neuen zweiten Schritt ein.',
    waiting:
      'Jemand, der Ihr Passwort kennt, hat gesagt, dass Ihr zweiter Schritt verloren ist. Ab {when} kann er entfernt werden. Waren Sie das nicht? Dann stoppen Sie es und ändern Sie Ihr Passwort.',
  },
};
