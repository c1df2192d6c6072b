import type { signIn as english } from '../en/sign-in.ts';
import type { Translation } from '../message-types.ts';

export const signIn: Translation<typeof english> = {
  layout: {
    product: 'Doorward',
    skip: 'Zum Inhalt springen',
    navigation: 'Hauptmenü',
    home: 'Start',
    account: 'Konto',
    integrate: 'Anwendung anbinden',
    apiReference: 'API',
    footer: 'Identität und Zugriff mit Doorward',
    languages: 'Sprache',
    links: { terms: 'Nutzungsbedingungen', privacy: 'Datenschutz', help: 'Hilfe' },
  },
  common: {
    errorTitle: 'Fehler: {title}',
    reference: 'Referenz für Ihre Administration:',
    toStart: 'Zur Startseite',
    toAccount: 'Zu meinem Konto',
    backTo: 'Zurück zu {client}',
    signIn: 'Anmelden',
    signedInAs: 'Angemeldet als',
    notYou: 'Nicht Sie? Als jemand anderes anmelden',
    cancel: 'Abbrechen',
    cancelTo: 'Abbrechen und zurück zu {client}',
    goOn: 'Weiter',
    policyOf: 'Datenschutzerklärung von {client}',
    termsOf: 'Nutzungsbedingungen von {client}',
    browserOn: '{browser} unter {system}',
    waitSeconds: '{count, plural, one {eine Sekunde} other {# Sekunden}}',
    waitMinutes: '{count, plural, one {eine Minute} other {# Minuten}}',
  },
  login: {
    title: 'Anmelden',
    continueTo: 'und weiter zu {client}',
    continueToHost: 'und weiter zu {client} auf {host}',
    reauthenticate: 'Bestätigen Sie, dass Sie es sind',
    reauthenticateWhy: 'Zu Ihrer Sicherheit bittet {client} Sie, sich erneut anzumelden.',
    reauthenticateHere: 'Bitte melden Sie sich zu Ihrer Sicherheit erneut an.',
    userName: 'Benutzername oder E-Mail-Adresse',
    password: 'Passwort',
    submit: 'Anmelden',
    forgot: 'Passwort vergessen?',
    signUp: 'Konto erstellen',
    problem: {
      wrong_credentials: {
        title: 'Das hat nicht geklappt',
        body: 'Der Benutzername oder das Passwort stimmt nicht. Prüfen Sie beides und versuchen Sie es noch einmal.',
      },
      user_name_missing: {
        title: 'Der Benutzername fehlt',
        body: 'Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein.',
      },
      wrong_passkey: {
        title: 'Dieser Passkey hat nicht funktioniert',
        body: 'Vielleicht wurde er aus diesem Konto entfernt. Versuchen Sie es mit einem anderen oder melden Sie sich mit Ihrem Passwort an.',
      },
      password_missing: { title: 'Das Passwort fehlt', body: 'Geben Sie Ihr Passwort ein.' },
      form_expired: {
        title: 'Diese Seite war zu lange geöffnet',
        body: 'Es wurde nichts weitergegeben. Bitte melden Sie sich noch einmal an.',
      },
      different_person: {
        title: 'Das ist jemand anderes',
        body: 'Melden Sie sich als die hier gezeigte Person an, oder wählen Sie „Nicht Sie?“, um zu wechseln.',
      },
    },
    wait: {
      busy: {
        title: 'Gerade ist sehr viel los',
        body: 'Viele Menschen melden sich an. Warten Sie {wait} und versuchen Sie es noch einmal.',
      },
      throttled: {
        title: 'Zu viele Versuche',
        body: 'Zum Schutz dieses Kontos warten Sie bitte {wait} und versuchen es dann noch einmal. Sie sind nicht ausgesperrt.',
      },
    },
    work: {
      busy: 'Ihr Browser rechnet einen Moment, damit Sie nicht warten müssen.',
      done: 'Fertig: Sie müssen nicht warten. Geben Sie Ihr Passwort noch einmal ein.',
    },
    notice: {
      password_changed: 'Ihr Passwort wurde geändert. Melden Sie sich mit dem neuen an.',
      signed_out: 'Sie sind abgemeldet. Melden Sie sich wieder an, gern auch als jemand anderes.',
      passkey_needed: 'Ein Passwort genügt hier nicht: Verwenden Sie einen Ihrer Passkeys.',
    },
  },
  code: {
    totp: {
      title: 'Code eingeben',
      lead: 'Öffnen Sie Ihre Authenticator-App und geben Sie die sechs Ziffern ein, die sie für dieses Konto zeigt.',
      label: 'Code',
      otherWay: 'Stattdessen einen Wiederherstellungscode verwenden',
    },
    recovery_code: {
      title: 'Wiederherstellungscode eingeben',
      lead: 'Geben Sie einen Ihrer aufbewahrten Wiederherstellungscodes ein. Er ist damit verbraucht.',
      label: 'Wiederherstellungscode',
      otherWay: 'Stattdessen die Authenticator-App verwenden',
    },
    problem: {
      wrong_code: {
        title: 'Dieser Code hat nicht funktioniert',
        body: 'Jeder Code gilt einmal und nur kurze Zeit. Geben Sie den neuesten ein. Geht die Uhr Ihres Geräts richtig?',
      },
      code_missing: { title: 'Der Code fehlt', body: 'Geben Sie den Code ein.' },
      form_expired: {
        title: 'Diese Seite war zu lange geöffnet',
        body: 'Bitte geben Sie den Code noch einmal ein.',
      },
    },
    throttled: {
      title: 'Zu viele Versuche',
      body: 'Zum Schutz dieses Kontos warten Sie bitte {wait} und versuchen es dann noch einmal. Sie sind nicht ausgesperrt.',
    },
    trust: 'In diesem Browser {days, plural, one {# Tag} other {# Tage}} lang nicht mehr fragen',
    trustHint: 'Nur in einem Browser, den niemand sonst benutzt.',
  },
  consent: {
    title: '{client} erlauben?',
    heading: 'Darf {client} Ihr Konto verwenden?',
    destination: 'Danach geht es weiter zu {host}.',
    willKnow: '{client} kann dann',
    inResource: 'In {resource} darf die Anwendung',
    claims: 'Außerdem werden diese Angaben über Sie angefragt',
    approve: 'Erlauben',
    deny: 'Nicht erlauben',
    fine: 'Ihr Passwort wird nie weitergegeben. Ihre Administration kann diesen Zugriff jederzeit beenden.',
    formExpired: 'Diese Seite war zu lange geöffnet. Es wurde nichts erlaubt; bitte entscheiden Sie noch einmal.',
    isNew: 'neu',
    unknownScope: '„{scope}“ verwenden',
    scopes: {
      openid: { name: 'Wissen, dass Sie es sind', detail: 'Eine Kennung für Ihr Konto, nichts über Sie selbst.' },
      profile: {
        name: 'Ihr Profil sehen',
        detail: 'Name, Bild, Sprache und Zeitzone, soweit sie eingetragen sind.',
      },
      email: { name: 'Ihre E-Mail-Adresse sehen', detail: 'Und ob sie bestätigt wurde.' },
      address: { name: 'Ihre Postanschrift sehen', detail: '' },
      phone: { name: 'Ihre Telefonnummer sehen', detail: 'Und ob sie bestätigt wurde.' },
      offline_access: {
        name: 'Verbunden bleiben, während Sie nicht da sind',
        detail: 'Bis Sie oder Ihre Administration es beenden.',
      },
      roles: { name: 'Ihre Rollen sehen', detail: 'Die Namen der Rollen, die Sie hier haben.' },
      groups: { name: 'Ihre Gruppen sehen', detail: 'Die Namen der Gruppen, zu denen Sie gehören.' },
      permissions: {
        name: 'Sehen, was Sie darin dürfen',
        detail: 'Nur die Berechtigungen, die für diese Anwendung bestimmt sind.',
      },
    },
  },
  error: {
    code: 'Fehlercode:',
    next: 'Was Sie tun können',
    other: {
      title: 'Etwas ist schiefgegangen',
      happened: 'Die Anfrage konnte nicht ausgeführt werden. Es wurde nichts geändert.',
      next: 'Gehen Sie zur Anwendung zurück und versuchen Sie es noch einmal. Geschieht es wieder, geben Sie Ihrer Administration die Referenz unten.',
    },
    byCode: {
      invalid_client: {
        title: 'Diese Anwendung ist hier nicht bekannt',
        happened: 'Die Anwendung, von der Sie kommen, ist nicht registriert oder abgeschaltet.',
        next: 'Geben Sie die Referenz unten Ihrer Administration oder dem Betreiber der Anwendung.',
      },
      invalid_redirect_uri: {
        title: 'Diese Anwendung ist nicht richtig eingerichtet',
        happened: 'Die Adresse, zu der Sie zurückgeleitet worden wären, ist für die Anwendung nicht registriert.',
        next: 'Melden Sie sich hier nicht an. Geben Sie die Referenz unten Ihrer Administration; über sie lässt sich die gesendete Adresse finden.',
      },
      invalid_request: {
        title: 'Diese Anfrage ist nicht gültig',
        happened: 'Die Anwendung hat etwas gesendet, das dieser Server nicht annehmen kann.',
        next: 'Gehen Sie zur Anwendung zurück und beginnen Sie von vorn. Geschieht es wieder, geben Sie die Referenz Ihrer Administration.',
      },
      access_denied: {
        title: 'Sie haben keinen Zugriff',
        happened: 'Ihr Konto darf das nicht.',
        next: 'Wenn Sie Zugriff brauchen, wenden Sie sich mit der Referenz unten an Ihre Administration.',
      },
      not_found: {
        title: 'Diese Seite gibt es nicht',
        happened: 'Vielleicht ist die Adresse vertippt, oder die Seite ist umgezogen.',
        next: 'Prüfen Sie die Adresse, oder beginnen Sie auf der Startseite.',
      },
      method_not_allowed: {
        title: 'Diese Seite lässt sich so nicht verwenden',
        happened: 'Die Adresse gibt es, aber nicht für diese Art von Anfrage.',
        next: 'Gehen Sie zurück und verwenden Sie die Links und Schaltflächen der vorigen Seite.',
      },
      form_expired: {
        title: 'Diese Seite war zu lange geöffnet',
        happened: 'Es wurde nichts geändert.',
        next: 'Gehen Sie zurück, laden Sie die Seite neu und wiederholen Sie, was Sie getan haben.',
      },
      conflict: {
        title: 'Das wurde inzwischen geändert',
        happened: 'Jemand anderes hat zur selben Zeit dasselbe geändert. Ihre Änderung wurde nicht vorgenommen.',
        next: 'Laden Sie die Seite neu und wiederholen Sie Ihre Änderung.',
      },
      payload_too_large: {
        title: 'Das war zu viel auf einmal',
        happened: 'Die Anfrage war größer, als dieser Server annimmt. Es wurde nichts geändert.',
        next: 'Gehen Sie zurück und senden Sie weniger.',
      },
      temporarily_unavailable: {
        title: 'Zurzeit nicht verfügbar',
        happened: 'Dieser Server wird gerade gestartet, beendet oder repariert.',
        next: 'Warten Sie eine Minute und versuchen Sie es noch einmal.',
      },
      server_error: {
        title: 'Bei uns ist etwas schiefgegangen',
        happened: 'Der Server konnte die Anfrage nicht ausführen.',
        next: 'Versuchen Sie es in einer Minute noch einmal. Geschieht es wieder, geben Sie Ihrer Administration die Referenz unten.',
      },
    },
  },
  wait: {
    title: 'Bitte warten Sie einen Moment',
    happened: 'Es gab zu viele Anfragen in kurzer Zeit, deshalb wurde diese nicht ausgeführt.',
    next: 'Warten Sie {wait}, gehen Sie dann zurück und versuchen Sie es noch einmal. Sie sind nicht ausgesperrt.',
  },
  interactionExpired: {
    title: 'Diese Anmeldung ist beendet',
    happened: {
      expired:
        'Sie war zu lange offen und wurde zum Schutz Ihres Kontos geschlossen. Sie wurden dadurch nicht angemeldet.',
      completed:
        'Sie wurde schon abgeschlossen, vielleicht in einem anderen Tab oder durch Zurückgehen. Hier ist nichts mehr zu tun.',
    },
    next: 'Gehen Sie zur Anwendung zurück und beginnen Sie von vorn.',
    back: 'Bei {client} neu beginnen',
  },
  formPost: {
    title: 'Zurück zur Anwendung',
    goesTo: 'Sie werden zu {client} weitergeleitet.',
    stuck: 'Wenn nichts geschieht, drücken Sie die Schaltfläche.',
    refusedTitle: 'Diese Adresse ist nicht sicher',
    refused: 'Die Anwendung möchte die Antwort an einer Adresse, an die dieser Server nichts sendet.',
  },
  confirmLogout: {
    title: 'Abmelden?',
    asks: '{client} möchte Sie abmelden.',
    effect: 'Sie werden von {product} und von den Anwendungen abgemeldet, die Sie damit in diesem Browser verwenden.',
    logout: 'Abmelden',
    stay: 'Angemeldet bleiben',
  },
  signedOut: {
    title: { signed_out: 'Sie sind abgemeldet', stayed: 'Sie sind weiterhin angemeldet' },
    body: {
      signed_out: 'Ihre Sitzung ist beendet. Schließen Sie an einem gemeinsam genutzten Computer auch den Browser.',
      stayed: 'Es wurde nichts geändert.',
    },
  },
};
