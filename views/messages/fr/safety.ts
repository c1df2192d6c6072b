import type { safety as english } from '../en/safety.ts';
import type { Translation } from '../message-types.ts';

export const safety: Translation<typeof english> = {
  ownEmail: {
    title: 'Adresse e-mail',
    lead: 'Les e-mails au sujet de votre compte vont à {address}.',
    none: 'Votre compte n’a pas encore d’adresse e-mail.',
    change: 'Modifier votre adresse e-mail',
    field: 'Nouvelle adresse e-mail',
    hint: 'Un lien est envoyé à l’ancienne et à la nouvelle adresse. L’adresse change quand les deux ont été ouverts.',
    hintFirst: 'Un lien est envoyé à cette adresse. Elle devient la vôtre quand vous l’ouvrez.',
    submit: 'Envoyer',
    pendingTitle: 'Un changement est en cours',
    pending:
      'Votre adresse devient {address} dès que les liens envoyés à ces adresses sont ouverts, au plus tard le {until} :',
    cancel: 'Garder l’ancienne adresse',
    throttled: 'Des liens ont été envoyés il y a peu. Consultez vos e-mails, ou attendez {wait}.',
    problem: {
      form_expired: 'Cette page est restée ouverte trop longtemps. Veuillez réessayer.',
      change_off: 'Votre adresse est gérée par votre organisation. Demandez à votre administrateur de la modifier.',
      address_invalid: 'Saisissez une adresse e-mail, par exemple vous@example.com.',
      address_same: 'C’est déjà votre adresse.',
    },
  },
  confirmEmailChange: {
    title: 'Modifier l’adresse d’un compte',
    lead: 'L’adresse du compte {person} doit passer de {former} à {address}.',
    leadFirst: 'Le compte {person} doit recevoir l’adresse {address}.',
    effect: 'Qui possède la nouvelle adresse peut alors s’en servir pour se connecter et retrouver l’accès au compte.',
    confirm: 'Oui, modifier',
    stranger: 'Vous ne le voulez pas ? Alors fermez cette page : rien ne change sans vous.',
    waitingTitle: 'Encore une étape',
    waiting: 'Merci. L’adresse change quand le lien de l’autre boîte aux lettres est ouvert lui aussi.',
    doneTitle: 'Votre adresse a changé',
    done: 'Les e-mails au sujet de votre compte vont désormais à {address}.',
  },
  undoEmailChange: {
    title: 'Reprendre votre adresse',
    lead: 'L’adresse du compte {person} est passée de {former} à {address}.',
    effect:
      'Si ce n’était pas vous : votre ancienne adresse revient, tout le monde est déconnecté, le mot de passe ne fonctionne plus et un lien pour en choisir un autre vous est envoyé.',
    undo: 'Ce n’était pas moi : reprendre',
    stranger: 'C’était vous ? Alors fermez cette page.',
    doneTitle: 'Votre adresse est de retour',
    done: 'Tout le monde a été déconnecté et l’ancien mot de passe ne fonctionne plus. Consultez vos e-mails à {former} : le lien mène à un nouveau.',
  },
  notMe: {
    title: 'Ce n’était pas vous ?',
    lead: 'Quelqu’un d’autre est peut-être dans le compte {person}.',
    effect:
      'Reprenez-le : tout le monde est déconnecté aussitôt, le mot de passe et les clés d’accès de la dernière semaine ne fonctionnent plus, et un lien pour choisir un autre mot de passe vous est envoyé.',
    confirm: 'Ce n’était pas moi : reprendre',
    stranger: 'C’était vous ? Alors fermez cette page : rien ne se passe.',
    doneTitle: 'Le compte est de nouveau à vous',
    done: 'Tout le monde a été déconnecté ; l’ancien mot de passe et les clés d’accès de la dernière semaine ne fonctionnent plus.',
    next: 'Consultez vos e-mails : le lien mène à un nouveau mot de passe. Prévenez ensuite votre administrateur.',
  },
  trustedDevices: {
    title: 'Navigateurs sans deuxième étape',
    lead: 'Dans ceux-ci, seul votre mot de passe vous est demandé.',
    until: 'Jusqu’au',
    end: 'Redemander',
    endThis: 'Redemander dans {browser}, utilisé en dernier {when}',
  },
  lostFactor: {
    passkey: {
      link: 'Je n’ai ni clé d’accès ni code de récupération',
      faster:
        'Votre administrateur peut vous aider plus vite. Vous retrouvez la clé d’accès ? Connectez-vous avec elle, et ceci prend fin tout seul.',
      back: 'Utiliser quand même la clé d’accès',
    },
    link: 'Je n’ai ni l’application ni un code de récupération',
    title: 'Votre deuxième étape est perdue ?',
    lead: 'Elle peut être supprimée après {days, plural, one {# jour} other {# jours}}. D’ici là, quiconque a l’une de vos boîtes aux lettres ou est connecté en votre nom peut l’empêcher, ainsi qu’un administrateur.',
    faster:
      'Votre administrateur peut vous aider plus vite. Vous retrouvez l’application ou un code ? Connectez-vous avec, et ceci prend fin de lui-même.',
    start: 'Commencer le délai d’attente',
    back: 'Saisir un code malgré tout',
    startedTitle: 'Le délai d’attente a commencé',
    started: 'Le {when}, vous recevrez par e-mail un lien qui supprime la deuxième étape. D’ici là, rien ne change.',
    problem: {
      form_expired: 'Cette page est restée ouverte trop longtemps. Veuillez réessayer.',
      no_address:
        'Votre compte n’a pas d’adresse e-mail confirmée : personne ne pourrait être prévenu. Adressez-vous à votre administrateur.',
      administrator:
        'Vous êtes administrateur. Un autre administrateur, ou qui exploite ce service, supprime votre deuxième étape.',
    },
  },
  factorRecovery: {
    title: 'Suppression de votre deuxième étape',
    lead: 'Quelqu’un qui connaît le mot de passe du compte {person} a dit que sa deuxième étape est perdue.',
    effectStop:
      'Si ce n’était pas vous, arrêtez-la. Changez ensuite votre mot de passe : quelqu’un d’autre le connaît.',
    effectFinish:
      'Le délai d’attente est écoulé. Supprimez la deuxième étape et votre mot de passe suffit pour vous connecter. Configurez-en ensuite une nouvelle.',
    finish: 'Supprimer la deuxième étape',
    stop: 'Arrêter',
    stoppedTitle: 'C’est arrêté',
    stopped:
      'La deuxième étape reste. Quelqu’un d’autre connaît le mot de passe, sauf si c’était vous : changez-le maintenant.',
    finishedTitle: 'La deuxième étape est supprimée',
    finished: 'Connectez-vous avec votre mot de passe et configurez une nouvelle deuxième étape.',
    waiting:
      'Quelqu’un qui connaît votre mot de passe a dit que votre deuxième étape est perdue. À partir du {when}, elle peut être supprimée. Ce n’était pas vous ? Alors arrêtez cela et changez votre mot de passe.',
  },
};
