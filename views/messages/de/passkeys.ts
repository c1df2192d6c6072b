import type { passkeys as english } from '../en/passkeys.ts';
import type { Translation } from '../message-types.ts';

export const passkeys: Translation<typeof english> = {
  passkeyPrompt: {
    get: {
      start: 'Mit Passkey anmelden',
      failed: 'Es wurde kein Passkey verwendet. Versuchen Sie es noch einmal oder melden Sie sich anders an.',
    },
    create: {
      start: 'Passkey hinzufügen',
      failed: 'Es wurde kein Passkey erstellt. Versuchen Sie es noch einmal, wenn Sie so weit sind.',
      exists: 'Dieses Gerät hat bereits einen Passkey für Ihr Konto.',
    },
  },
  passkeyOffer: {
    title: 'Melden Sie sich künftig schneller an',
    later: 'Jetzt nicht',
    laterHint: 'Sie finden dies jederzeit auf Ihrer Kontoseite.',
  },
  passkeys: {
    count: 'Sie haben {count, plural, one {# Passkey} other {# Passkeys}}.',
    manage: 'Passkeys verwalten',
    title: 'Passkeys',
    lead: 'Mit einem Passkey melden Sie sich mit Fingerabdruck, Gesicht oder der PIN Ihres Geräts an. Niemand kann ihn erfahren oder Ihnen entlocken.',
    none: 'Sie haben noch keinen Passkey.',
    yours: 'Ihre Passkeys',
    synced: 'auf allen Ihren Geräten',
    local: 'auf einem Gerät',
    created: 'Hinzugefügt am {date}.',
    used: 'Hinzugefügt am {date}, zuletzt verwendet am {used}.',
    name: 'Name von {passkey}',
    rename: 'Umbenennen',
    remove: 'Entfernen',
    removeLabel: '{passkey} entfernen',
    needsScript: 'Um einen Passkey hinzuzufügen, brauchen Sie einen Browser, der Passkeys kennt, und JavaScript.',
    problem: {
      form_expired: 'Diese Seite war zu lange offen. Bitte versuchen Sie es noch einmal.',
      not_accepted: 'Dieser Passkey konnte nicht hinzugefügt werden. Bitte versuchen Sie es noch einmal.',
      not_allowed:
        'Passkeys dieser Art dürfen hier nicht verwendet werden. Fragen Sie Ihre Administration, welche erlaubt sind.',
      too_many: 'Mehr Passkeys sind nicht möglich. Entfernen Sie einen, den Sie nicht brauchen.',
      name_missing: 'Ein Name hat ein bis sechzig Zeichen.',
    },
    notice: {
      added: 'Ihr Passkey wurde hinzugefügt.',
      renamed: 'Der Name wurde geändert.',
      removed: 'Der Passkey wurde entfernt. Mit ihm kann sich niemand mehr anmelden.',
    },
  },
  passkeyChangedMail: {
    subject: {
      added: 'Ein Passkey wurde hinzugefügt',
      removed: 'Ein Passkey wurde entfernt',
      copied: 'Ein Passkey wurde vielleicht kopiert',
    },
    change: {
      added: 'Ihrem Konto {userName} wurde ein Passkey hinzugefügt. Mit ihm meldet man sich ohne Passwort an.',
      removed: 'Ein Passkey Ihres Kontos {userName} wurde entfernt. Mit ihm kann sich niemand mehr anmelden.',
      copied:
        'Jemand wollte sich bei Ihrem Konto {userName} mit einem Passkey anmelden, der wie eine Kopie aussieht, und wurde nicht eingelassen. Waren Sie das, dann entfernen Sie den Passkey und fügen Sie ihn neu hinzu.',
    },
    passkey: 'Passkey',
  },
};
