import type { gettingIn as english } from '../en/getting-in.ts';
import type { Translation } from '../message-types.ts';

export const gettingIn: Translation<typeof english> = {
  passwordFields: {
    current: 'Mot de passe actuel',
    next: 'Nouveau mot de passe',
    again: 'Nouveau mot de passe, encore une fois',
    hint: 'Au moins {length} caractères. Quelques mots que vous seul associeriez font un bon mot de passe.',
    title: 'Le mot de passe n’a pas été modifié',
    tooShort: 'Le nouveau mot de passe est trop court : il faut au moins {length} caractères.',
    problem: {
      current_missing: 'Saisissez votre mot de passe actuel.',
      current_wrong: 'Le mot de passe actuel est incorrect.',
      new_missing: 'Saisissez un nouveau mot de passe.',
      'credentials.password_not_text': 'Le nouveau mot de passe contient des caractères impossibles à enregistrer.',
      'credentials.password_too_long': 'Le nouveau mot de passe est trop long.',
      'credentials.password_too_common':
        'Ce mot de passe est l’un des premiers qu’essaierait un attaquant. Choisissez-en un autre.',
      'credentials.password_breached':
        'Ce mot de passe est connu à la suite d’une fuite d’un autre service ; les attaquants l’essaient. Choisissez-en un autre.',
      'credentials.password_is_user_name': 'Le nouveau mot de passe ne doit pas être votre nom d’utilisateur.',
      'credentials.password_is_email': 'Le nouveau mot de passe ne doit pas être votre adresse e-mail.',
      'credentials.password_holds_name':
        'Le nouveau mot de passe ne doit contenir aucune partie de votre nom d’utilisateur, de votre adresse e-mail ou du nom de votre organisation.',
      same_as_current: 'Le nouveau mot de passe est identique à l’actuel.',
      not_repeated: 'Les deux nouveaux mots de passe ne sont pas identiques.',
      form_expired: 'Cette page est restée ouverte trop longtemps. Veuillez saisir de nouveau les mots de passe.',
      throttled: 'Trop de tentatives. Attendez un instant et réessayez.',
    },
  },
  forgotPassword: {
    title: 'Mot de passe oublié ?',
    lead: 'Saisissez votre nom d’utilisateur ou votre adresse e-mail. S’il existe un compte, un lien pour choisir un nouveau mot de passe sera envoyé.',
    userName: 'Nom d’utilisateur ou adresse e-mail',
    submit: 'Envoyer le lien',
    back: 'Retour à la connexion',
    problem: {
      user_name_missing: 'Saisissez votre nom d’utilisateur ou votre adresse e-mail.',
      form_expired: 'Cette page est restée ouverte trop longtemps. Veuillez l’envoyer de nouveau.',
    },
    throttled: 'Trop de liens ont été demandés. Attendez {wait} et réessayez.',
    sentTitle: 'Consultez votre messagerie',
    sent: 'S’il existe un compte avec une adresse e-mail pour ce que vous avez saisi, un lien est en route. Il fonctionne une fois, dans n’importe quel navigateur.',
    sentNext:
      'Toujours rien après quelques minutes ? Regardez dans les indésirables, ou demandez un lien à votre administrateur.',
  },
  askAdministrator: {
    title: 'Mot de passe oublié ?',
    lead: 'Demandez un lien à usage unique à votre administrateur. Il vous permet de choisir vous-même un nouveau mot de passe.',
    hint: 'Le lien fonctionne une fois, dans n’importe quel navigateur, et personne d’autre ne connaîtra le mot de passe choisi.',
  },
  linkExpired: {
    title: 'Ce lien ne fonctionne plus',
    lead: 'Il a expiré, a déjà servi ou a été remplacé par un lien plus récent. Rien n’a été modifié.',
    next: 'Demandez un nouveau lien, ou adressez-vous à votre administrateur.',
    again: 'Demander un nouveau lien',
  },
  passwordSet: {
    title: 'Votre mot de passe est défini',
    lead: 'Vous vous connecterez désormais avec lui. Le lien qui vous a amené ici ne fonctionne plus.',
  },
  setPassword: {
    title: 'Choisissez un mot de passe',
    lead: 'Pour le compte de {person}.',
    effect: 'Tout ce qui est connecté avec l’ancien mot de passe sera déconnecté.',
    save: 'Enregistrer le mot de passe',
  },
  signUp: {
    title: 'Créer un compte',
    lead: 'Saisissez votre adresse e-mail. Le lien qui y sera envoyé vous mènera à la suite.',
    domains: 'Sont acceptées les adresses de {domains}.',
    email: 'Adresse e-mail',
    submit: 'Envoyer le lien',
    back: 'J’ai déjà un compte',
    addressInvalid: 'Saisissez une adresse e-mail telle que nom@example.com.',
    domainRefused: 'Les comptes sont réservés aux adresses de {domains}.',
    throttled: 'Trop de liens ont été demandés. Attendez {wait} et réessayez.',
    sentTitle: 'Consultez votre messagerie',
    sent: 'Un e-mail est en route. Le lien qu’il contient fonctionne une fois, dans n’importe quel navigateur, pendant un jour.',
    sentNext:
      'Toujours rien après quelques minutes ? Regardez dans les indésirables, ou vérifiez l’adresse et redemandez un lien.',
    again: 'Redemander un lien',
  },
  completeSignUp: {
    title: 'Votre nouveau compte',
    lead: 'Pour {address}. Vous vous connecterez avec cette adresse.',
    name: 'Votre nom',
    terms: 'J’accepte les {terms}',
    termsLink: 'conditions d’utilisation',
    submit: 'Créer le compte',
    problem: {
      name_missing: 'Saisissez votre nom.',
      terms_missing: 'Pour créer le compte, vous devez accepter les conditions d’utilisation.',
    },
    doneTitle: 'Votre compte est prêt',
    done: 'Connectez-vous avec votre adresse e-mail et le mot de passe que vous venez de choisir.',
    existsTitle: 'Il existe déjà un compte',
    exists:
      '{address} a déjà un compte. Connectez-vous avec celui-ci, ou choisissez un nouveau mot de passe si vous avez oublié le vôtre.',
    forgot: 'Choisir un nouveau mot de passe',
  },
  enterCode: {
    title: 'Connecter un appareil',
    lead: 'Saisissez le code affiché par l’appareil ou le programme.',
    warning:
      'Ne saisissez qu’un code que vous voyez sur un appareil à vous. Personne n’a besoin de vous en envoyer un.',
    code: 'Code',
    hint: 'Majuscules, minuscules et tirets n’ont pas d’importance.',
    problem: {
      code_missing: 'Saisissez le code affiché par l’appareil.',
      code_unknown: 'Ce code est inconnu. Comparez-le avec celui de l’appareil.',
      code_expired: 'Ce code a expiré. Faites-en afficher un nouveau par l’appareil.',
      code_used: 'Ce code a déjà servi. Faites-en afficher un nouveau par l’appareil.',
      form_expired: 'Cette page est restée ouverte trop longtemps. Saisissez de nouveau le code.',
    },
    throttled: 'Trop de codes ont été essayés. Attendez {wait} et réessayez.',
  },
  confirmDevice: {
    title: 'Connecter {client} ?',
    lead: 'Est-ce bien le code affiché par l’appareil devant vous ?',
    client: 'Application',
    askedAt: 'Demandé à',
    from: 'Depuis l’adresse',
    place: 'Lieu',
    device: 'Appareil',
    person: 'Votre compte',
    warning:
      'Si quelqu’un vous a envoyé ce code ou un lien vers cette page, choisissez « Annuler » : cette personne serait connectée à votre place.',
    approve: 'Oui, le connecter',
  },
  deviceDone: {
    connected: {
      title: 'L’appareil est connecté',
      body: '{client} continue dans un instant sur votre appareil. Vous pouvez fermer cette page.',
    },
    denied: {
      title: 'L’appareil n’a pas été connecté',
      body: '{client} n’obtient aucun accès. Vous pouvez fermer cette page.',
    },
  },
};
