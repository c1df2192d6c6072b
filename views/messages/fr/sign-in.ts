import type { signIn as english } from '../en/sign-in.ts';
import type { Translation } from '../message-types.ts';

export const signIn: Translation<typeof english> = {
  layout: {
    product: 'Doorward',
    skip: 'Aller au contenu',
    navigation: 'Navigation principale',
    home: 'Accueil',
    account: 'Compte',
    integrate: 'Connecter une application',
    apiReference: 'API',
    footer: 'Identités et accès par Doorward',
    languages: 'Langue',
    links: { terms: 'Conditions d’utilisation', privacy: 'Confidentialité', help: 'Aide' },
  },
  common: {
    errorTitle: 'Erreur : {title}',
    reference: 'Référence pour votre administrateur :',
    toStart: 'Vers la page d’accueil',
    toAccount: 'Vers mon compte',
    backTo: 'Retour à {client}',
    signIn: 'Se connecter',
    signedInAs: 'Connecté en tant que',
    notYou: 'Ce n’est pas vous ? Changer de compte',
    cancel: 'Annuler',
    cancelTo: 'Annuler et revenir à {client}',
    goOn: 'Continuer',
    policyOf: 'Politique de confidentialité de {client}',
    termsOf: 'Conditions d’utilisation de {client}',
    browserOn: '{browser} sous {system}',
    waitSeconds: '{count, plural, one {# seconde} other {# secondes}}',
    waitMinutes: '{count, plural, one {# minute} other {# minutes}}',
  },
  login: {
    title: 'Connexion',
    continueTo: 'pour continuer vers {client}',
    continueToHost: 'pour continuer vers {client} sur {host}',
    reauthenticate: 'Confirmez que c’est bien vous',
    reauthenticateWhy: 'Pour votre sécurité, {client} vous demande de vous reconnecter.',
    reauthenticateHere: 'Pour votre sécurité, veuillez vous reconnecter.',
    userName: 'Nom d’utilisateur ou adresse e-mail',
    password: 'Mot de passe',
    submit: 'Se connecter',
    forgot: 'Mot de passe oublié ?',
    signUp: 'Créer un compte',
    problem: {
      wrong_credentials: {
        title: 'La connexion a échoué',
        body: 'Le nom d’utilisateur ou le mot de passe est incorrect. Vérifiez les deux et réessayez.',
      },
      user_name_missing: {
        title: 'Il manque votre nom d’utilisateur',
        body: 'Saisissez votre nom d’utilisateur ou votre adresse e-mail.',
      },
      wrong_passkey: {
        title: 'Cette clé d’accès n’a pas fonctionné',
        body: 'Elle a peut-être été supprimée de ce compte. Essayez-en une autre ou connectez-vous avec votre mot de passe.',
      },
      password_missing: { title: 'Il manque votre mot de passe', body: 'Saisissez votre mot de passe.' },
      form_expired: {
        title: 'Cette page est restée ouverte trop longtemps',
        body: 'Rien n’a été transmis à personne. Veuillez vous reconnecter.',
      },
      different_person: {
        title: 'C’est une autre personne',
        body: 'Connectez-vous avec le compte affiché ici, ou choisissez « Ce n’est pas vous ? » pour en changer.',
      },
    },
    wait: {
      busy: {
        title: 'Beaucoup de monde en ce moment',
        body: 'De nombreuses personnes se connectent. Attendez {wait} et réessayez.',
      },
      throttled: {
        title: 'Trop de tentatives',
        body: 'Pour protéger ce compte, attendez {wait} et réessayez. Votre compte n’est pas bloqué.',
      },
    },
    work: {
      busy: 'Votre navigateur fait un calcul de quelques instants, pour vous éviter d’attendre.',
      done: 'C’est fait : inutile d’attendre. Saisissez de nouveau votre mot de passe.',
    },
    notice: {
      password_changed: 'Votre mot de passe a été modifié. Connectez-vous avec le nouveau.',
      signed_out: 'Vous êtes déconnecté. Reconnectez-vous, ou utilisez un autre compte.',
      passkey_needed: 'Un mot de passe ne suffit pas ici : utilisez l’une de vos clés d’accès.',
    },
  },
  code: {
    totp: {
      title: 'Saisissez votre code',
      lead: 'Ouvrez votre application d’authentification et saisissez les six chiffres affichés pour ce compte.',
      label: 'Code',
      otherWay: 'Utiliser plutôt un code de secours',
    },
    recovery_code: {
      title: 'Saisissez un code de secours',
      lead: 'Saisissez l’un des codes de secours que vous avez conservés. Il ne servira qu’une fois.',
      label: 'Code de secours',
      otherWay: 'Utiliser plutôt l’application d’authentification',
    },
    problem: {
      wrong_code: {
        title: 'Ce code n’a pas fonctionné',
        body: 'Chaque code ne sert qu’une fois et peu de temps. Saisissez le plus récent. Votre appareil est-il à l’heure ?',
      },
      code_missing: { title: 'Il manque le code', body: 'Saisissez le code.' },
      form_expired: {
        title: 'Cette page est restée ouverte trop longtemps',
        body: 'Veuillez saisir de nouveau le code.',
      },
    },
    throttled: {
      title: 'Trop de tentatives',
      body: 'Pour protéger ce compte, attendez {wait} et réessayez. Votre compte n’est pas bloqué.',
    },
    trust: 'Ne plus demander dans ce navigateur pendant {days, plural, one {# jour} other {# jours}}',
    trustHint: 'Seulement dans un navigateur que personne d’autre n’utilise.',
  },
  consent: {
    title: 'Autoriser {client} ?',
    heading: 'Autoriser {client} à utiliser votre compte ?',
    destination: 'Vous continuerez vers {host}.',
    willKnow: '{client} pourra',
    inResource: 'Dans {resource}, l’application pourra',
    claims: 'Elle demande aussi ces informations sur vous',
    approve: 'Autoriser',
    deny: 'Refuser',
    fine: 'Votre mot de passe n’est jamais transmis. Votre administrateur peut retirer cet accès à tout moment.',
    formExpired: 'Cette page est restée ouverte trop longtemps. Rien n’a été autorisé ; veuillez décider de nouveau.',
    isNew: 'nouveau',
    unknownScope: 'Utiliser « {scope} »',
    scopes: {
      openid: {
        name: 'Savoir que c’est vous',
        detail: 'Un identifiant de votre compte, rien d’autre sur vous.',
      },
      profile: {
        name: 'Voir votre profil',
        detail: 'Votre nom, votre photo, votre langue et votre fuseau horaire, s’ils sont renseignés.',
      },
      email: { name: 'Voir votre adresse e-mail', detail: 'Et si elle a été vérifiée.' },
      address: { name: 'Voir votre adresse postale', detail: '' },
      phone: { name: 'Voir votre numéro de téléphone', detail: 'Et s’il a été vérifié.' },
      offline_access: {
        name: 'Rester connectée en votre absence',
        detail: 'Jusqu’à ce que vous ou votre administrateur y mettiez fin.',
      },
      roles: { name: 'Voir vos rôles', detail: 'Les noms des rôles que vous avez ici.' },
      groups: { name: 'Voir vos groupes', detail: 'Les noms des groupes dont vous faites partie.' },
      permissions: {
        name: 'Voir ce que vous pouvez y faire',
        detail: 'Seulement les permissions destinées à cette application.',
      },
    },
  },
  error: {
    code: 'Code d’erreur :',
    next: 'Ce que vous pouvez faire',
    other: {
      title: 'Un problème est survenu',
      happened: 'La demande n’a pas pu aboutir. Rien n’a été modifié.',
      next: 'Revenez à l’application et réessayez. Si cela se reproduit, donnez la référence ci-dessous à votre administrateur.',
    },
    byCode: {
      invalid_client: {
        title: 'Cette application n’est pas connue ici',
        happened: 'L’application d’où vous venez n’est pas enregistrée, ou est désactivée.',
        next: 'Donnez la référence ci-dessous à votre administrateur ou au responsable de l’application.',
      },
      invalid_redirect_uri: {
        title: 'Cette application est mal configurée',
        happened: 'L’adresse vers laquelle vous auriez été renvoyé n’est pas enregistrée pour cette application.',
        next: 'Ne vous connectez pas ici. Donnez la référence ci-dessous à votre administrateur ; elle indique l’adresse envoyée.',
      },
      invalid_request: {
        title: 'Cette demande n’est pas valide',
        happened: 'L’application a envoyé quelque chose que ce serveur ne peut pas accepter.',
        next: 'Revenez à l’application et recommencez. Si cela se reproduit, donnez la référence à votre administrateur.',
      },
      access_denied: {
        title: 'Vous n’avez pas accès',
        happened: 'Votre compte n’est pas autorisé à faire cela.',
        next: 'Si vous avez besoin de cet accès, adressez-vous à votre administrateur avec la référence ci-dessous.',
      },
      not_found: {
        title: 'Cette page n’existe pas',
        happened: 'L’adresse est peut-être mal saisie, ou la page a été déplacée.',
        next: 'Vérifiez l’adresse, ou repartez de la page d’accueil.',
      },
      method_not_allowed: {
        title: 'Cette page ne s’utilise pas ainsi',
        happened: 'L’adresse existe, mais pas pour ce type de demande.',
        next: 'Revenez en arrière et utilisez les liens et les boutons de la page précédente.',
      },
      form_expired: {
        title: 'Cette page est restée ouverte trop longtemps',
        happened: 'Rien n’a été modifié.',
        next: 'Revenez en arrière, rechargez la page et recommencez.',
      },
      conflict: {
        title: 'Cela a été modifié entre-temps',
        happened: 'Quelqu’un d’autre a modifié la même chose au même moment. Votre modification n’a pas été faite.',
        next: 'Rechargez la page et refaites votre modification.',
      },
      payload_too_large: {
        title: 'C’était trop à la fois',
        happened: 'La demande dépasse ce que ce serveur accepte. Rien n’a été modifié.',
        next: 'Revenez en arrière et envoyez moins.',
      },
      temporarily_unavailable: {
        title: 'Indisponible pour le moment',
        happened: 'Ce serveur démarre, s’arrête ou est en réparation.',
        next: 'Attendez une minute et réessayez.',
      },
      server_error: {
        title: 'Un problème est survenu de notre côté',
        happened: 'Le serveur n’a pas pu traiter la demande.',
        next: 'Réessayez dans une minute. Si cela se reproduit, donnez la référence ci-dessous à votre administrateur.',
      },
    },
  },
  wait: {
    title: 'Veuillez patienter un instant',
    happened: 'Il y a eu trop de demandes en peu de temps ; celle-ci n’a pas été exécutée.',
    next: 'Attendez {wait}, puis revenez en arrière et réessayez. Votre compte n’est pas bloqué.',
  },
  interactionExpired: {
    title: 'Cette connexion est terminée',
    happened: {
      expired:
        'Elle est restée ouverte trop longtemps et a été fermée pour protéger votre compte. Elle ne vous a pas connecté.',
      completed:
        'Elle est déjà achevée, peut-être dans un autre onglet ou par un retour en arrière. Il n’y a plus rien à faire ici.',
    },
    next: 'Revenez à l’application et recommencez.',
    back: 'Recommencer sur {client}',
  },
  formPost: {
    title: 'Retour à l’application',
    goesTo: 'Vous allez continuer vers {client}.',
    stuck: 'Si rien ne se passe, appuyez sur le bouton.',
    refusedTitle: 'Cette adresse n’est pas sûre',
    refused: 'L’application demande une réponse à une adresse à laquelle ce serveur n’envoie rien.',
  },
  confirmLogout: {
    title: 'Se déconnecter ?',
    asks: '{client} demande votre déconnexion.',
    effect: 'Vous serez déconnecté de {product} et des applications que vous utilisez avec lui dans ce navigateur.',
    logout: 'Se déconnecter',
    stay: 'Rester connecté',
  },
  signedOut: {
    title: { signed_out: 'Vous êtes déconnecté', stayed: 'Vous êtes toujours connecté' },
    body: {
      signed_out: 'Votre session est terminée. Sur un ordinateur partagé, fermez aussi le navigateur.',
      stayed: 'Rien n’a été modifié.',
    },
  },
};
