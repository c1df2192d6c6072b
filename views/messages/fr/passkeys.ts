import type { passkeys as english } from '../en/passkeys.ts';
import type { Translation } from '../message-types.ts';

export const passkeys: Translation<typeof english> = {
  passkeyPrompt: {
    get: {
      start: 'Se connecter avec une clé d’accès',
      failed: 'Aucune clé d’accès n’a été utilisée. Réessayez ou connectez-vous autrement.',
    },
    create: {
      start: 'Ajouter une clé d’accès',
      failed: 'Aucune clé d’accès n’a été créée. Réessayez quand vous le souhaitez.',
      exists: 'Cet appareil a déjà une clé d’accès pour votre compte.',
    },
  },
  passkeyOffer: {
    title: 'Connectez-vous plus vite la prochaine fois',
    later: 'Pas maintenant',
    laterHint: 'Vous retrouverez cette possibilité à tout moment sur la page de votre compte.',
  },
  passkeys: {
    count: 'Vous avez {count, plural, one {# clé d’accès} many {# clés d’accès} other {# clés d’accès}}.',
    manage: 'Gérer les clés d’accès',
    title: 'Clés d’accès',
    lead: 'Une clé d’accès vous connecte avec votre empreinte, votre visage ou le code de votre appareil. Personne ne peut la deviner ni vous la demander.',
    none: 'Vous n’avez pas encore de clé d’accès.',
    yours: 'Vos clés d’accès',
    synced: 'sur tous vos appareils',
    local: 'sur un seul appareil',
    created: 'Ajoutée le {date}.',
    used: 'Ajoutée le {date}, utilisée la dernière fois le {used}.',
    name: 'Nom de {passkey}',
    rename: 'Renommer',
    remove: 'Supprimer',
    removeLabel: 'Supprimer {passkey}',
    needsScript: 'Pour ajouter une clé d’accès, il faut un navigateur qui les connaît, avec JavaScript.',
    problem: {
      form_expired: 'Cette page est restée ouverte trop longtemps. Veuillez réessayer.',
      not_accepted: 'Cette clé d’accès n’a pas pu être ajoutée. Veuillez réessayer.',
      not_allowed:
        'Les clés d’accès de ce type ne sont pas admises ici. Demandez à votre administrateur lesquelles le sont.',
      too_many: 'Vous avez atteint le nombre maximal de clés d’accès. Supprimez-en une dont vous n’avez pas besoin.',
      name_missing: 'Un nom compte de un à soixante caractères.',
    },
    notice: {
      added: 'Votre clé d’accès a été ajoutée.',
      renamed: 'Le nom a été modifié.',
      removed: 'La clé d’accès a été supprimée. Elle ne permet plus de se connecter.',
    },
  },
  passkeyChangedMail: {
    subject: {
      added: 'Une clé d’accès a été ajoutée',
      removed: 'Une clé d’accès a été supprimée',
      copied: 'Une clé d’accès a peut-être été copiée',
    },
    change: {
      added: 'Une clé d’accès a été ajoutée à votre compte {userName}. Elle permet de se connecter sans mot de passe.',
      removed: 'Une clé d’accès de votre compte {userName} a été supprimée. Elle ne permet plus de se connecter.',
      copied:
        'Quelqu’un a tenté de se connecter à votre compte {userName} avec une clé d’accès qui semble être une copie, et n’y a pas été admis. Si c’était vous, supprimez cette clé et ajoutez-la de nouveau.',
    },
    passkey: 'Clé d’accès',
  },
};
