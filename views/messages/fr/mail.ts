import type { mail as english } from '../en/mail.ts';
import type { Translation } from '../message-types.ts';

export const mail: Translation<typeof english> = {
  mail: {
    greeting: 'Bonjour {person},',
    greetingNobody: 'Bonjour,',
    address: 'Ou copiez cette adresse dans un navigateur :',
    footer: 'Envoyé automatiquement par {product} sur {host}. Les réponses à cet e-mail ne sont pas lues.',
    when: 'Quand',
    account: 'Compte',
    wasItYou: 'C’était vous ? Alors il n’y a rien à faire.',
    asked: 'C’était vous, ou vous l’aviez demandé ? Alors il n’y a rien à faire.',
    takeBack:
      'Sinon, dites-le maintenant : tout le monde est déconnecté, le mot de passe ne fonctionne plus et vous recevez un lien pour en choisir un autre. Prévenez ensuite votre administrateur.',
    notMe: 'Ce n’était pas moi',
    newPassword: 'Choisir un nouveau mot de passe',
    days: '{count, plural, one {# jour} other {# jours}}',
    hours: '{count, plural, one {# heure} other {# heures}}',
    minutes: '{count, plural, one {# minute} other {# minutes}}',
  },
  recoveryMail: {
    subject: 'Choisissez un nouveau mot de passe',
    preview: 'Votre lien. Il fonctionne une fois, pendant {lifetime}.',
    asked: 'Quelqu’un, vous espérons-le, a demandé un nouveau mot de passe pour votre compte {userName}.',
    limits:
      'Le lien fonctionne une fois, dans n’importe quel navigateur, pendant {lifetime}. Tout ce qui est connecté avec l’ancien mot de passe sera alors déconnecté.',
    surprise:
      'Vous n’avez rien demandé ? Ne faites rien : votre mot de passe reste le même. Ne transférez jamais cet e-mail.',
  },
  invitationMail: {
    subject: 'Votre nouveau compte',
    heading: 'Un compte a été créé pour vous',
    preview: 'Choisissez un mot de passe pour commencer. Le lien fonctionne pendant {lifetime}.',
    made: 'Vous avez un compte sur {host}. Votre nom d’utilisateur est {userName}.',
    button: 'Choisir un mot de passe',
    limits:
      'Le lien fonctionne une fois, dans n’importe quel navigateur, pendant {lifetime}. Vous l’avez perdu ? Demandez-en un autre à la personne qui a créé le compte.',
    surprise:
      'Vous ne vous y attendiez pas ? Quelqu’un s’est peut-être trompé d’adresse. Ne faites rien, ou demandez à votre administrateur.',
  },
  signUpMail: {
    subject: 'Créez votre compte',
    preview: 'Le lien de cet e-mail mène à la suite.',
    asked: 'Quelqu’un, vous espérons-le, souhaite un compte sur {host} avec cette adresse.',
    button: 'Continuer',
    limits: 'Le lien fonctionne une fois, dans n’importe quel navigateur, pendant {lifetime}.',
    surprise: 'Vous n’avez rien demandé ? Ne faites rien : aucun compte n’est créé sans vous.',
  },
  alreadyRegisteredMail: {
    subject: 'Vous avez déjà un compte',
    preview: 'Le lien de cet e-mail mène à la suite.',
    exists:
      'Quelqu’un, vous espérons-le, souhaite un compte sur {host} avec cette adresse. Il en existe déjà un : {userName}.',
    forgotten: 'Vous avez oublié votre mot de passe ?',
    surprise: 'Vous n’avez rien demandé ? Ne faites rien : rien n’a changé.',
  },
  verifyEmailMail: {
    subject: 'Confirmez votre adresse e-mail',
    heading: 'Est-ce votre adresse ?',
    preview: 'Confirmez-la avec le lien de cet e-mail.',
    asked:
      'Le compte {userName} sur {host} indique que {address} est la vôtre. Confirmez-la, et elle pourra servir à vous connecter et à retrouver l’accès.',
    button: 'Confirmer cette adresse',
    limits: 'Le lien fonctionne une fois, dans n’importe quel navigateur, pendant {lifetime}.',
    surprise: 'Ce compte n’est pas le vôtre ? Ne faites rien : sans vous, l’adresse n’est pas confirmée.',
  },
  passwordChangedMail: {
    subject: 'Votre mot de passe a été modifié',
    by: {
      self: 'Le mot de passe de votre compte {userName} a été modifié sur la page du compte. Les autres navigateurs ont été déconnectés.',
      link: 'Le mot de passe de votre compte {userName} a été défini avec un lien à usage unique. Tout ce qui était connecté a été déconnecté.',
      administrator:
        'Un administrateur a défini le mot de passe de votre compte {userName}. Tout ce qui était connecté a été déconnecté.',
    },
  },
  secondFactorChangedMail: {
    subject: 'Votre méthode de connexion a changé',
    change: {
      totp_added:
        'Une application d’authentification a été configurée comme deuxième étape pour votre compte {userName}.',
      totp_removed:
        'L’application d’authentification de votre compte {userName} a été retirée. Le mot de passe seul suffit de nouveau.',
      recovery_codes_issued:
        'De nouveaux codes de secours ont été créés pour votre compte {userName}. Les précédents ne fonctionnent plus.',
      recovery_code_used:
        'Un code de secours a servi à se connecter à votre compte {userName}. Il ne fonctionnera plus.',
      removed_after_waiting:
        'Le délai d’attente était écoulé : les deuxièmes étapes de votre compte {userName} ont été supprimées. Un mot de passe suffit de nouveau pour se connecter.',
      removed_by_administrator:
        'Un administrateur a retiré les deuxièmes étapes de votre compte {userName}. Le mot de passe seul suffit de nouveau.',
    },
  },
  emailChangeMail: {
    subject: 'Confirmez le changement de votre adresse e-mail',
    preview: 'Rien ne change sans vous.',
    former:
      'Quelqu’un, sans doute vous, veut faire passer l’adresse de votre compte {userName} sur {host} de {former} à {address}.',
    new: 'Quelqu’un, sans doute vous, veut que {address} soit l’adresse du compte {userName} sur {host}.',
    button: 'Voir le changement',
    limits:
      'Le lien fonctionne une fois, dans n’importe quel navigateur, pendant {lifetime}. L’adresse change quand les liens des deux e-mails ont été ouverts.',
    limitsFirst: 'Le lien fonctionne une fois, dans n’importe quel navigateur, pendant {lifetime}.',
    surpriseFormer:
      'Vous n’avez rien demandé ? Alors n’ouvrez pas le lien et changez votre mot de passe : quelqu’un est connecté en votre nom.',
    surpriseNew: 'Vous ne vous y attendiez pas ? Alors ne faites rien : sans vous, rien ne change.',
  },
  emailChangedMail: {
    subject: 'Votre adresse e-mail a été modifiée',
    heading: 'Cette adresse a été retirée d’un compte',
    preview: 'Les e-mails du compte vont désormais ailleurs.',
    changed: '{address} n’est plus une adresse du compte {userName}. Les e-mails du compte vont désormais ailleurs.',
    fine: 'Est-ce vous, ou votre administrateur, qui l’avez voulu ? Alors il n’y a rien à faire.',
    surprise:
      'Sinon, prévenez tout de suite votre administrateur : depuis cette adresse, vous ne pouvez pas reprendre le compte vous-même.',
    takeBack: 'Sinon, reprenez votre adresse maintenant. C’est possible jusqu’au {until}.',
  },
  accountDeletedMail: {
    subject: 'Votre compte a été supprimé',
    preview: 'Une personne connectée en votre nom l’a demandé.',
    deleted: 'Le compte {userName} sur {host} a été supprimé depuis sa page de compte.',
    fine: 'L’avez-vous voulu ? Alors il n’y a rien à faire.',
    surprise:
      'Sinon, prévenez tout de suite votre administrateur : un compte supprimé peut être rétabli pendant un certain temps.',
  },
  factorRecoveryMail: {
    startedSubject: 'Votre deuxième étape va être supprimée',
    reminderSubject: 'Votre deuxième étape va toujours être supprimée',
    startedPreview: 'Vous pouvez l’arrêter.',
    started:
      'Quelqu’un qui connaît le mot de passe de votre compte {userName} sur {host} a dit que la deuxième étape est perdue, et les codes de récupération aussi.',
    ripeAt: 'Peut être supprimée à partir du',
    mine: 'C’était vous ? Alors attendez : un lien arrivera ce jour-là.',
    stop: 'Sinon, arrêtez cela maintenant. Changez ensuite votre mot de passe : quelqu’un d’autre le connaît.',
    stopLabel: 'Arrêter',
    readySubject: 'Votre deuxième étape peut être supprimée',
    ready: 'Le délai d’attente pour votre compte {userName} est écoulé et personne ne l’a arrêté.',
    button: 'Continuer',
    limits:
      'Le lien fonctionne une fois, dans n’importe quel navigateur, pendant {lifetime}. Il permet aussi d’arrêter la suppression.',
  },
  administratorRecoveredMail: {
    subject: 'Un administrateur a retrouvé son accès',
    heading: 'Un administrateur a retrouvé son accès par la ligne de commande',
    preview: 'Une personne ayant accès au serveur a utilisé la commande d’urgence.',
    happened:
      'Une personne ayant accès au serveur de {host} a utilisé la commande d’urgence : {recovered} est administrateur et peut définir un nouveau mot de passe avec un lien à usage unique.',
    fine: 'C’était convenu ? Alors il n’y a rien à faire.',
    surprise:
      'Sinon, quelqu’un d’autre contrôle le serveur ou sa base de données. Débranchez-le du réseau et cherchez administrators.recovered dans le journal d’audit.',
  },
  newDeviceMail: {
    subject: 'Connexion depuis un nouveau navigateur',
    heading: 'Un nouveau navigateur s’est connecté',
    happened:
      'Quelqu’un s’est connecté à votre compte {userName} avec un navigateur qui n’avait pas encore servi pour celui-ci.',
    browser: 'Navigateur',
    address: 'Adresse réseau',
    unknown: 'non indiqué',
  },
  newPlaceMail: {
    subject: 'Connexion à votre compte d’un nouvel endroit',
    heading: 'Connexion depuis un nouvel endroit',
    happened:
      'Quelqu’un s’est connecté à votre compte {userName} avec un navigateur connu, depuis un endroit où vous ne vous êtes pas connecté récemment.',
  },
};
