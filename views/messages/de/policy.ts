import type { policy as english } from '../en/policy.ts';
import type { Translation } from '../message-types.ts';

export const policy: Translation<typeof english> = {
  policyHold: {
    denied: {
      title: 'Hier können Sie sich nicht anmelden',
      lead: '{client} steht Ihnen zurzeit nicht offen.',
      leadHere: 'Ihre Kontoseiten stehen Ihnen zurzeit nicht offen.',
      help: 'Ihre Administration weiß mehr und kann es ändern.',
    },
    factor: {
      title: 'Ein weiterer Schritt wird gebraucht',
      two_factors: '{client} verlangt einen zweiten Schritt, und Sie haben noch keinen eingerichtet.',
      passkey: '{client} verlangt einen Passkey, und Sie haben noch keinen.',
      setUp: 'In Ihrem Konto einrichten',
      thenGoOn: 'Kommen Sie auf diese Seite zurück und machen Sie weiter.',
      goOn: 'Weiter',
    },
  },
  agreement: {
    title: 'Bevor es weitergeht',
    lead: '{client} verlangt zuerst Folgendes.',
    leadHere: 'Zuerst wird Folgendes gebraucht.',
    accept: 'Ich stimme zu: {document}',
    version: 'Fassung {version}',
    problem: {
      terms_missing: 'Stimmen Sie zu, um fortzufahren.',
      invalid: 'Etwas fehlt oder ist so nicht möglich.',
      form_expired: 'Diese Seite war zu lange offen. Bitte antworten Sie noch einmal.',
      not_allowed: 'Das lässt sich nicht speichern. Fragen Sie Ihre Administration.',
    },
  },
};
