import type { emailSignIn as english } from '../en/email-sign-in.ts';
import type { Translation } from '../message-types.ts';

export const emailSignIn: Translation<typeof english> = {
  emailSignIn: {
    link: 'Se connecter avec un code par e-mail',
    title: 'Se connecter avec un code par e-mail',
    lead: 'Un code est envoyé à votre adresse e-mail. Il ne faut rien d’autre.',
    submit: 'Envoyer le code',
    back: 'Se connecter autrement',
    throttled: 'Un code a été envoyé il y a peu. Consultez vos e-mails, ou attendez {wait}.',
    problem: {
      form_expired: 'Cette page était ouverte depuis trop longtemps. Veuillez réessayer.',
      user_name_missing: 'Saisissez votre nom d’utilisateur ou votre adresse e-mail.',
      ended: 'Ce code n’est plus valable. Demandez-en un autre.',
    },
  },
  emailCode: {
    title: 'Consultez vos e-mails',
    lead: 'S’il existe un compte avec une adresse confirmée, un code de huit chiffres est en route. Saisissez-le ici.',
    leadLink:
      'S’il existe un compte avec une adresse confirmée, un e-mail est en route. Saisissez son code ici, ou ouvrez son lien dans ce navigateur.',
    label: 'Code',
    none: 'Rien reçu ? Regardez aussi parmi les messages indésirables. Cela peut prendre quelques minutes.',
    again: 'Envoyer un autre code',
    problem: {
      wrong_code: 'Ce n’est pas le code du dernier e-mail. Veuillez vérifier.',
      form_expired: 'Cette page était ouverte depuis trop longtemps. Veuillez saisir le code à nouveau.',
    },
  },
  emailLink: {
    title: 'Se connecter maintenant ?',
    submit: 'Se connecter',
    elsewhereTitle: 'Ouvrez ce lien là où vous avez commencé',
    elsewhere:
      'Il ne vous connecte que dans le navigateur où vous l’avez demandé, une seule fois et pendant dix minutes. Ouvrez-le là-bas, saisissez-y le code de l’e-mail, ou demandez-en un autre.',
    surprise: 'Vous ne l’avez pas demandé ? Fermez cette page : rien ne se passe sans vous.',
  },
  emailSignInMail: {
    subject: 'Votre code de connexion',
    preview: 'Il est valable une fois, pendant {lifetime}.',
    previewMore: 'Veuillez vous connecter autrement.',
    asked: 'Quelqu’un, vous espérons-le, veut se connecter à votre compte {userName}.',
    more: 'Quelqu’un, vous espérons-le, a demandé un code pour se connecter à votre compte {userName}. Vous utilisez une application d’authentification, une boîte aux lettres ne suffit donc pas : connectez-vous avec votre mot de passe ou une clé d’accès.',
    code: 'Code',
    button: 'Se connecter',
    limits: 'Le code est valable une fois, pendant {lifetime}, et seulement dans le navigateur qui l’a demandé.',
    limitsLink:
      'Le code et le lien sont valables une fois, pendant {lifetime}, et seulement dans le navigateur qui les a demandés.',
    surprise:
      'Vous n’avez rien demandé ? Ne faites rien. Ne donnez le code à personne : personne qui vous aide ne le demandera.',
  },
};
