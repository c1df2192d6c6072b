import type { site as english } from '../en/site.ts';
import type { Translation } from '../message-types.ts';

export const site: Translation<typeof english> = {
  start: {
    title: 'Accueil',
    heading: '{product} fonctionne',
    lead: '{product} connecte les personnes à vos applications et dit à chacune ce qu’elles peuvent y faire.',
    newHeading: 'Bienvenue sur {product}',
    newLead:
      'Le serveur fonctionne. Il manque une chose : un administrateur, la première personne à pouvoir se connecter.',
    who: 'Qui suis-je ?',
    signedIn: 'Vous êtes connecté en tant que {person}.',
    signedOut: 'Vous n’êtes pas connecté.',
    account: 'Mon compte',
    signOut: 'Se déconnecter',
    setUp: 'Créer l’administrateur',
    setUpLink:
      'Trouvez le lien à usage unique dans le terminal où le serveur a été démarré, et ouvrez-le dans ce navigateur.',
    setUpPassword: 'Choisissez un mot de passe. Le lien cesse alors de fonctionner.',
    setUpSignIn: 'Revenez ici et connectez-vous.',
    setUpLost: 'Le lien est perdu ? Créez-en un nouveau :',
    issuer: 'Adresse de ce serveur',
    issuerTerm: 'Issuer',
    discoveryTerm: 'Discovery',
    issuerHint: 'Les bibliothèques clientes demandent l’une d’elles et trouvent le reste seules.',
    steps: 'Premiers pas',
    step: {
      examples: {
        name: 'Essayer un exemple',
        detail: 'Chacun des exemples ci-dessous se lance avec une seule commande à côté de ce serveur.',
      },
      integrate: {
        name: 'Connecter votre application',
        detail: 'Ce qu’il faut enregistrer et copier, sur une seule page.',
      },
      api: {
        name: 'Gérer les personnes et les rôles',
        detail: 'Avec l’API d’administration, depuis vos propres outils.',
      },
    },
    mail: 'Les e-mails sont conservés et non envoyés tant qu’aucun serveur de messagerie n’est configuré.',
    mailLink: 'Lire les e-mails conservés',
    examples: 'Exemples',
    examplesHint: 'Lancez la commande dans un second terminal, dans le dossier où le serveur a été démarré.',
    open: 'Ouvrez ensuite {url}',
    example: {
      web: {
        name: 'Application web',
        description: 'Connecte les personnes par code et PKCE ; ses jetons restent sur son serveur.',
      },
      spa: {
        name: 'Application monopage',
        description:
          'Connecte les personnes depuis le navigateur, renouvelle son jeton discrètement, appelle l’API et déconnecte.',
      },
      api: { name: 'API', description: 'Vérifie les jetons d’accès et les permissions avant de répondre.' },
      service: { name: 'Service', description: 'Obtient un jeton pour lui-même et lit les commandes dans l’API.' },
    },
  },
  receipt: {
    title: 'Reçu de retrait d’accès',
    complete: 'Complet : tous ceux qui peuvent être prévenus l’ont été.',
    open: 'En cours : {open, number} cibles sur {all, number} n’ont pas encore répondu. La liste indique lesquelles.',
    facts: 'Ce qui s’est passé',
    person: 'Personne',
    cause: 'Cause',
    causes: {
      deactivated: 'Désactivation',
      suspended: 'Suspension',
      staged: 'Reporté jusqu’à l’ouverture de l’accès',
      deleted: 'Suppression',
      end_date: 'La date de fin est passée',
      inactivity: 'Inactivité plus longue que permis',
    },
    actor: 'Par',
    request: 'Demande',
    createdAt: 'Fin de l’accès',
    asOf: 'État au',
    targets: 'Cibles',
    table: 'Les cibles et leurs réponses',
    target: 'Cible',
    state: 'État',
    sent: 'Envoyé',
    answer: 'Réponse',
    attempts: 'Tentatives',
    at: 'Dernière tentative',
    states: {
      done: 'Fait',
      pending: 'Pas encore accepté',
      failed: 'Abandonné',
      not_notified: 'Non prévenu',
    },
    here: 'Ce serveur',
    signature: 'Signature',
    signed: 'Signé avec la clé {kid} de {issuer}.',
  },
};
