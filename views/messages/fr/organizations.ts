import type { organizations as english } from '../en/organizations.ts';
import type { Translation } from '../message-types.ts';

export const organizations: Translation<typeof english> = {
  joinOrganization: {
    title: 'Rejoindre une organisation',
    lead: '{organization} vous invite : votre compte {person} en devient membre.',
    leadSeveral: '{organization} vous invite. Vous avez plus d’un compte avec cette adresse.',
    which: 'Lequel devient membre ?',
    effect:
      'Les administrateurs de l’organisation verront votre profil et pourront vous y ajouter à des équipes et vous donner des rôles.',
    join: 'Rejoindre',
    stranger: 'Vous ne connaissez pas cette organisation ? Fermez alors cette page : rien ne se fait sans vous.',
    doneTitle: 'Vous êtes membre',
    done: 'Vous êtes maintenant membre de {organization}.',
    account: 'Vers mon compte',
  },
  organizationInvitationMail: {
    subject: 'Vous êtes invité dans une organisation',
    preview: 'Le lien de ce message vous mène plus loin.',
    invited: '{organization} vous invite à devenir membre sur {host}.',
    button: 'Voir l’invitation',
    limits: 'Le lien fonctionne une fois, dans n’importe quel navigateur, pendant une semaine.',
    surprise:
      'Vous ne connaissez pas cette organisation ? Alors ne faites rien : vous ne devenez membre de rien sans vous.',
  },
};
