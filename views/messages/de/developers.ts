import type { developers as english } from '../en/developers.ts';
import type { Translation } from '../message-types.ts';

export const developers: Translation<typeof english> = {
  problemPage: {
    fields:
      'Jede Problemantwort enthält einen Code, der die Regel nennt, eine Anfrage-ID und bei fehlerhaften Eingaben die Stelle jedes Fehlers.',
    next: 'Was zu tun ist',
    status: 'HTTP-Status',
    type: 'Typ',
    reference: 'API-Referenz',
    kinds: {
      invalid: {
        title: 'Die Anfrage ist ungültig',
        meaning:
          'Etwas im Inhalt oder in den Parametern entspricht nicht dem, was dieser Vorgang annimmt. Es wurde nichts geändert.',
        next: 'Sehen Sie unter „errors“ nach: Jeder Eintrag nennt die Stelle (RFC 6901) oder den Parameter und was erwartet wurde.',
      },
      unauthenticated: {
        title: 'Eine Authentifizierung ist nötig',
        meaning:
          'Das Zugriffstoken fehlt, ist abgelaufen, wurde widerrufen oder ist für einen anderen Ressourcenserver bestimmt.',
        next: 'Fordern Sie ein Token für die Ressource urn:doorward:admin an und senden Sie es als „Authorization: Bearer …“.',
      },
      step_up_required: {
        title: 'Eine stärkere oder neuere Anmeldung ist nötig',
        meaning:
          'Das Token ist gültig, aber die Anmeldung dahinter ist nicht stark genug oder liegt zu lange zurück (RFC 9470).',
        next: 'Beginnen Sie eine neue Anmeldung mit den acr_values oder dem max_age, die WWW-Authenticate nennt.',
      },
      forbidden: {
        title: 'Das ist nicht erlaubt',
        meaning:
          'Das Token ist gültig, enthält aber nicht die Berechtigung für diesen Vorgang, oder es würde mehr vergeben, als Sie selbst haben.',
        next: 'Die API-Referenz nennt die Berechtigung für jeden Vorgang. Bitten Sie Ihre Administration um eine Rolle, die sie enthält.',
      },
      not_found: {
        title: 'Diese Ressource gibt es nicht',
        meaning: 'Die ID enthält einen Tippfehler, oder was sie bezeichnete, wurde gelöscht.',
        next: 'Suchen Sie den Eintrag in der Liste.',
      },
      conflict: {
        title: 'Das verträgt sich nicht mit dem, was es schon gibt',
        meaning: 'Ein Name ist vergeben, oder eine übergreifende Regel würde verletzt. Es wurde nichts geändert.',
        next: 'Der Code nennt die Regel, der Zeiger nennt das Feld.',
      },
      precondition: {
        title: 'Die Ressource wurde inzwischen geändert',
        meaning: 'If-Match nennt nicht die aktuelle Version oder fehlt, wo es nötig ist.',
        next: 'Lesen Sie die Ressource neu, wiederholen Sie Ihre Änderung und senden Sie ihr ETag als If-Match mit.',
      },
      limited: {
        title: 'Zu viele Anfragen',
        meaning: 'Eine Obergrenze ist erreicht. Es wurde nichts geändert.',
        next: 'Warten Sie so viele Sekunden, wie Retry-After angibt, und versuchen Sie es dann noch einmal.',
      },
      server_error: {
        title: 'Bei uns ist etwas schiefgegangen',
        meaning: 'Der Server hat einen Fehler. Die Antwort enthält nur die Anfrage-ID.',
        next: 'Geben Sie die Anfrage-ID an Ihre Administration weiter; damit findet sie die Ursache im Protokoll.',
      },
    },
  },
  integrate: {
    title: 'Eine App anbinden',
    lead: 'Drei Schritte: die Anwendung hier registrieren, ihrer Bibliothek die Adresse unten geben und anfordern, was Sie brauchen.',
    address: 'Was jede Anwendung braucht',
    issuer: 'Issuer',
    discovery: 'Discovery',
    register: '1. Registrieren',
    registerHint:
      'Legen Sie dies in einer Datei namens doorward.yaml ab und wenden Sie sie an. Ein zweites Mal schadet nicht.',
    copy: '2. In Ihren Code übernehmen',
    applyTitle: 'Die Datei anwenden',
    applyDry: 'Mit --dry-run sehen Sie vorher den Plan. Auch über die Admin-API lassen sich Anwendungen registrieren.',
    label: '{kind}: {step}',
    kinds: {
      web: {
        title: 'Eine Webanwendung mit Server',
        lead: 'Hat ein Geheimnis und eine eigene Sitzung. Nutzt den Code-Ablauf mit PKCE.',
      },
      spa: {
        title: 'Eine Single-Page-App',
        lead: 'Läuft im Browser und hat deshalb kein Geheimnis. Nutzt den Code-Ablauf mit PKCE.',
      },
      service: {
        title: 'Ein Dienst',
        lead: 'Hier ist kein Mensch beteiligt. Der Dienst erhält mit Client Credentials ein eigenes Token.',
      },
      api: {
        title: 'Eine API, die Token prüft',
        lead: 'Nimmt nur Zugriffstoken an, die für sie bestimmt sind.',
      },
    },
    scopes: 'Was Sie anfordern können',
    scope: 'Scope',
    gives: 'Was er liefert',
    scopeList: {
      openid: 'wer sich angemeldet hat: die Kennung, sonst nichts',
      profile: 'Name, Benutzername, Bild, Sprache, Zeitzone',
      email: 'E-Mail-Adresse und ob sie bestätigt ist',
      contact: 'Postanschrift; Telefonnummer',
      memberships: 'Namen, als flache Listen',
      permissions: 'was die Person in dieser Anwendung oder API darf',
      offline: 'ein Refresh-Token, das die Sitzung überdauert',
    },
    reference: 'API-Referenz',
  },
  apiReference: {
    title: 'API-Referenz',
    version: 'Version {version}',
    machine: 'Dasselbe als OpenAPI-3.1-Dokument',
    contents: 'Inhalt',
    problems:
      'Fehler sind Problemdokumente (RFC 9457, application/problem+json) mit Typ, Titel, Einzelheiten und der Anfrage-ID.',
    other: 'Sonstiges',
    empty: 'Das Dokument nennt keinen Vorgang.',
    permission: 'Berechtigung:',
    anySignedIn: 'keine, ein gültiges Token genügt',
    parameters: 'Parameter',
    body: 'Inhalt der Anfrage',
    answers: 'Antworten',
    name: 'Name',
    where: 'Ort',
    type: 'Typ',
    meaning: 'Bedeutung',
    required: 'Pflicht',
  },
};
