import type { gettingIn as english } from '../en/getting-in.ts';
import type { Translation } from '../message-types.ts';

export const gettingIn: Translation<typeof english> = {
  passwordFields: {
    current: 'Aktuelles Passwort',
    next: 'Neues Passwort',
    again: 'Neues Passwort, noch einmal',
    hint: 'Mindestens {length} Zeichen. Gut sind ein paar Wörter, die nur Sie so zusammenstellen würden.',
    title: 'Das Passwort wurde nicht geändert',
    tooShort: 'Das neue Passwort ist zu kurz: Es braucht mindestens {length} Zeichen.',
    problem: {
      current_missing: 'Geben Sie Ihr aktuelles Passwort ein.',
      current_wrong: 'Das aktuelle Passwort stimmt nicht.',
      new_missing: 'Geben Sie ein neues Passwort ein.',
      'credentials.password_not_text': 'Das neue Passwort enthält Zeichen, die sich nicht speichern lassen.',
      'credentials.password_too_long': 'Das neue Passwort ist zu lang.',
      'credentials.password_too_common':
        'Dieses Passwort gehört zu den ersten, die bei einem Angriff probiert werden. Wählen Sie ein anderes.',
      'credentials.password_breached':
        'Dieses Passwort ist aus einem Datenleck eines anderen Dienstes bekannt und wird deshalb bei Angriffen probiert. Wählen Sie ein anderes.',
      'credentials.password_is_user_name': 'Das neue Passwort darf nicht Ihr Benutzername sein.',
      'credentials.password_is_email': 'Das neue Passwort darf nicht Ihre E-Mail-Adresse sein.',
      'credentials.password_holds_name':
        'Das neue Passwort darf keine Teile Ihres Benutzernamens, Ihrer E-Mail-Adresse oder des Namens Ihrer Organisation enthalten.',
      same_as_current: 'Das neue Passwort ist dasselbe wie das aktuelle.',
      not_repeated: 'Die beiden neuen Passwörter stimmen nicht überein.',
      form_expired: 'Diese Seite war zu lange geöffnet. Bitte geben Sie die Passwörter noch einmal ein.',
      throttled: 'Zu viele Versuche. Warten Sie einen Moment und versuchen Sie es noch einmal.',
    },
  },
  forgotPassword: {
    title: 'Passwort vergessen?',
    lead: 'Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein. Gibt es dazu ein Konto, wird ein Link gesendet, über den Sie ein neues Passwort wählen.',
    userName: 'Benutzername oder E-Mail-Adresse',
    submit: 'Link senden',
    back: 'Zurück zur Anmeldung',
    problem: {
      user_name_missing: 'Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein.',
      form_expired: 'Diese Seite war zu lange geöffnet. Bitte senden Sie sie noch einmal ab.',
    },
    throttled: 'Es wurden zu viele Links angefordert. Warten Sie {wait} und versuchen Sie es noch einmal.',
    sentTitle: 'Sehen Sie in Ihre E-Mails',
    sent: 'Wenn es zu Ihrer Eingabe ein Konto mit E-Mail-Adresse gibt, ist ein Link unterwegs. Er funktioniert einmal, in jedem Browser.',
    sentNext:
      'Nach ein paar Minuten noch nichts da? Sehen Sie im Spam-Ordner nach, oder bitten Sie Ihre Administration um einen Link.',
  },
  askAdministrator: {
    title: 'Passwort vergessen?',
    lead: 'Bitten Sie Ihre Administration um einen Einmal-Link. Damit wählen Sie selbst ein neues Passwort.',
    hint: 'Der Link funktioniert einmal, in jedem Browser, und niemand sonst erfährt das Passwort, das Sie wählen.',
  },
  linkExpired: {
    title: 'Dieser Link funktioniert nicht mehr',
    lead: 'Er ist abgelaufen, wurde schon verwendet oder durch einen neueren ersetzt. Es wurde nichts geändert.',
    next: 'Fordern Sie einen neuen Link an, oder bitten Sie Ihre Administration darum.',
    again: 'Neuen Link anfordern',
  },
  passwordSet: {
    title: 'Ihr Passwort ist gesetzt',
    lead: 'Ab jetzt melden Sie sich damit an. Der Link, der Sie hierher geführt hat, funktioniert nicht mehr.',
  },
  setPassword: {
    title: 'Passwort wählen',
    lead: 'Für das Konto von {person}.',
    effect: 'Alles, was mit dem alten Passwort angemeldet ist, wird abgemeldet.',
    save: 'Passwort speichern',
  },
  signUp: {
    title: 'Konto erstellen',
    lead: 'Geben Sie Ihre E-Mail-Adresse ein. Mit dem Link, der dorthin gesendet wird, geht es weiter.',
    domains: 'Möglich sind Adressen bei {domains}.',
    email: 'E-Mail-Adresse',
    submit: 'Link senden',
    back: 'Ich habe schon ein Konto',
    addressInvalid: 'Geben Sie eine E-Mail-Adresse wie name@example.com ein.',
    domainRefused: 'Konten gibt es nur für Adressen bei {domains}.',
    throttled: 'Es wurden zu viele Links angefordert. Warten Sie {wait} und versuchen Sie es noch einmal.',
    sentTitle: 'Sehen Sie in Ihre E-Mails',
    sent: 'Eine E-Mail ist zu Ihnen unterwegs. Der Link darin funktioniert einmal, in jedem Browser, einen Tag lang.',
    sentNext:
      'Nach ein paar Minuten noch nichts da? Sehen Sie im Spam-Ordner nach, oder prüfen Sie die Adresse und fordern Sie den Link noch einmal an.',
    again: 'Noch einmal anfordern',
  },
  completeSignUp: {
    title: 'Ihr neues Konto',
    lead: 'Für {address}. Mit dieser Adresse melden Sie sich an.',
    name: 'Ihr Name',
    terms: 'Ich akzeptiere die {terms}',
    termsLink: 'Nutzungsbedingungen',
    submit: 'Konto erstellen',
    problem: {
      name_missing: 'Geben Sie Ihren Namen ein.',
      terms_missing: 'Für das Konto müssen Sie den Nutzungsbedingungen zustimmen.',
    },
    doneTitle: 'Ihr Konto ist bereit',
    done: 'Melden Sie sich mit Ihrer E-Mail-Adresse und dem eben gewählten Passwort an.',
    existsTitle: 'Es gibt schon ein Konto',
    exists:
      '{address} hat bereits ein Konto. Melden Sie sich damit an, oder wählen Sie ein neues Passwort, wenn Sie Ihres vergessen haben.',
    forgot: 'Neues Passwort wählen',
  },
  enterCode: {
    title: 'Gerät verbinden',
    lead: 'Geben Sie den Code ein, den das Gerät oder Programm zeigt.',
    warning: 'Geben Sie nur einen Code ein, den Sie auf einem eigenen Gerät sehen. Niemand muss Ihnen einen schicken.',
    code: 'Code',
    hint: 'Groß- und Kleinbuchstaben und Striche machen keinen Unterschied.',
    problem: {
      code_missing: 'Geben Sie den Code ein, den das Gerät zeigt.',
      code_unknown: 'Dieser Code ist nicht bekannt. Vergleichen Sie ihn mit dem auf dem Gerät.',
      code_expired: 'Dieser Code ist abgelaufen. Lassen Sie sich am Gerät einen neuen zeigen.',
      code_used: 'Dieser Code wurde schon verwendet. Lassen Sie sich am Gerät einen neuen zeigen.',
      form_expired: 'Diese Seite war zu lange geöffnet. Geben Sie den Code noch einmal ein.',
    },
    throttled: 'Es wurden zu viele Codes probiert. Warten Sie {wait} und versuchen Sie es noch einmal.',
  },
  confirmDevice: {
    title: '{client} verbinden?',
    lead: 'Ist das der Code, den das Gerät vor Ihnen zeigt?',
    client: 'Anwendung',
    askedAt: 'Angefragt um',
    from: 'Von der Adresse',
    place: 'Ort',
    device: 'Gerät',
    person: 'Ihr Konto',
    warning:
      'Wenn Ihnen jemand diesen Code oder einen Link zu dieser Seite geschickt hat, wählen Sie „Abbrechen“: Diese Person wäre sonst als Sie angemeldet.',
    approve: 'Ja, verbinden',
  },
  deviceDone: {
    connected: {
      title: 'Das Gerät ist verbunden',
      body: '{client} macht gleich auf Ihrem Gerät weiter. Sie können diese Seite schließen.',
    },
    denied: {
      title: 'Das Gerät wurde nicht verbunden',
      body: '{client} erhält keinen Zugriff. Sie können diese Seite schließen.',
    },
  },
};
