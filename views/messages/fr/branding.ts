import type { branding as english } from '../en/branding.ts';
import type { Translation } from '../message-types.ts';

export const branding: Translation<typeof english> = {
  brandingPreview: {
    title: 'Aperçu d’une identité visuelle',
    lead: 'Connexion, consentement, compte et un e-mail, en clair et en sombre, sur grand écran et sur téléphone. Rien n’est enregistré ici, et rien n’est cliquable dans les images.',
    whose: 'Identité visuelle de',
    whoseHint: 'Laissez les deux champs vides pour toute l’installation.',
    organization: 'Identifiant de l’organisation',
    application: 'Identifiant du client',
    load: 'Afficher ce qui est enregistré',
    branding: 'Identité visuelle (JSON)',
    brandingHint:
      'Telle que l’API d’administration l’accepte. Ce qui manque vient du niveau supérieur. Les logos sont des URL data:.',
    show: 'Afficher sans enregistrer',
    problem: {
      form_expired: 'Ce formulaire a expiré. Vérifiez-le et envoyez-le à nouveau.',
      not_json: 'Ce n’est pas du JSON.',
      no_owner: 'Cette organisation ou cette application n’existe pas.',
      invalid: 'Cela serait refusé :',
    },
    pages: { signIn: 'Connexion', consent: 'Consentement', account: 'Compte', mail: 'E-mail' },
    views: {
      wideLight: 'Clair, grand écran',
      phoneLight: 'Clair, téléphone',
      wideDark: 'Sombre, grand écran',
      phoneDark: 'Sombre, téléphone',
    },
    frame: '{page} : {view}',
    samplePerson: 'Alice Archer',
    sampleApplication: 'Application exemple',
  },
};
