import type { policy as english } from '../en/policy.ts';
import type { Translation } from '../message-types.ts';

export const policy: Translation<typeof english> = {
  policyHold: {
    denied: {
      title: 'Vous ne pouvez pas vous connecter ici',
      lead: '{client} ne vous est pas accessible pour le moment.',
      leadHere: 'Les pages de votre compte ne vous sont pas accessibles pour le moment.',
      help: 'Votre administrateur en sait plus et peut y remédier.',
    },
    factor: {
      title: 'Un autre moyen de connexion est nécessaire',
      two_factors: '{client} demande une deuxième étape, et vous n’en avez pas encore.',
      passkey: '{client} demande une clé d’accès, et vous n’en avez pas encore.',
      setUp: 'Configurer dans votre compte',
      thenGoOn: 'Revenez sur cette page et continuez.',
      goOn: 'Continuer',
    },
  },
  agreement: {
    title: 'Avant de continuer',
    lead: '{client} demande d’abord ceci.',
    leadHere: 'Ceci est demandé d’abord.',
    accept: 'J’accepte : {document}',
    version: 'Version {version}',
    problem: {
      terms_missing: 'Acceptez ce qui est indiqué pour continuer.',
      invalid: 'Il manque quelque chose, ou une valeur n’est pas possible.',
      form_expired: 'Cette page est restée ouverte trop longtemps. Veuillez répondre de nouveau.',
      not_allowed: 'Cela ne peut pas être enregistré. Demandez à votre administrateur.',
    },
  },
};
