import type { developers as english } from '../en/developers.ts';
import type { Translation } from '../message-types.ts';

export const developers: Translation<typeof english> = {
  problemPage: {
    fields:
      'Chaque réponse d’erreur porte un code qui désigne la règle, un identifiant de requête et, pour une saisie incorrecte, l’emplacement de chaque erreur.',
    next: 'Que faire',
    status: 'Statut HTTP',
    type: 'Type',
    reference: 'Référence de l’API',
    kinds: {
      invalid: {
        title: 'La requête n’est pas valide',
        meaning:
          'Un élément du corps ou des paramètres ne correspond pas à ce que cette opération accepte. Rien n’a été modifié.',
        next: 'Consultez « errors » : chaque entrée donne un pointeur (RFC 6901) ou un nom de paramètre et précise ce qui était attendu.',
      },
      unauthenticated: {
        title: 'Une authentification est nécessaire',
        meaning: 'Le jeton d’accès est absent, expiré, révoqué ou destiné à un autre serveur de ressources.',
        next: 'Demandez un jeton pour la ressource urn:doorward:admin et envoyez-le sous la forme « Authorization: Bearer … ».',
      },
      step_up_required: {
        title: 'Une connexion plus forte ou plus récente est nécessaire',
        meaning:
          'Le jeton est valable, mais la connexion dont il provient n’est pas assez forte ou assez récente (RFC 9470).',
        next: 'Lancez une nouvelle connexion avec les acr_values ou le max_age indiqués par WWW-Authenticate.',
      },
      forbidden: {
        title: 'Ce n’est pas autorisé',
        meaning:
          'Le jeton est valable, mais il ne porte pas l’autorisation requise par cette opération, ou celle-ci donnerait plus de droits que vous n’en avez.',
        next: 'La référence de l’API indique l’autorisation de chaque opération. Demandez à votre administrateur un rôle qui la comprend.',
      },
      not_found: {
        title: 'Cette ressource n’existe pas',
        meaning: 'L’identifiant est mal saisi, ou ce qu’il désignait a été supprimé.',
        next: 'Retrouvez la ressource en cherchant dans la liste.',
      },
      conflict: {
        title: 'Cela entre en conflit avec l’existant',
        meaning:
          'Un nom est déjà pris, ou une règle portant sur plusieurs éléments ne serait plus respectée. Rien n’a été modifié.',
        next: 'Le code indique la règle, le pointeur indique le champ.',
      },
      precondition: {
        title: 'La ressource a changé entre-temps',
        meaning: 'If-Match ne désigne pas la version actuelle, ou manque alors qu’il est requis.',
        next: 'Relisez la ressource, refaites votre modification et envoyez son ETag dans If-Match.',
      },
      limited: {
        title: 'Trop de requêtes',
        meaning: 'Une limite est atteinte. Rien n’a été modifié.',
        next: 'Attendez le nombre de secondes indiqué par Retry-After, puis réessayez.',
      },
      server_error: {
        title: 'Une erreur s’est produite de notre côté',
        meaning: 'Le serveur a échoué. La réponse ne contient que l’identifiant de la requête.',
        next: 'Transmettez l’identifiant de la requête à votre administrateur : il y retrouvera la cause dans le journal.',
      },
    },
  },
  integrate: {
    title: 'Connecter une application',
    lead: 'Trois étapes : enregistrez l’application ici, donnez à sa bibliothèque l’adresse ci-dessous et demandez ce dont vous avez besoin.',
    address: 'Ce qu’il faut à toute application',
    issuer: 'Émetteur',
    discovery: 'Découverte',
    register: '1. Enregistrer',
    registerHint: 'Placez ceci dans un fichier doorward.yaml et appliquez-le. L’appliquer deux fois est sans danger.',
    copy: '2. Copier dans votre code',
    applyTitle: 'Appliquer le fichier',
    applyDry:
      'Ajoutez --dry-run pour voir d’abord le plan. L’API d’administration peut aussi enregistrer des applications.',
    label: '{kind} : {step}',
    kinds: {
      web: {
        title: 'Une application web avec un serveur',
        lead: 'Garde un secret et sa propre session. Utilise un code avec PKCE.',
      },
      spa: {
        title: 'Une application monopage',
        lead: 'S’exécute dans le navigateur et n’a donc pas de secret. Utilise un code avec PKCE.',
      },
      service: {
        title: 'Un service',
        lead: 'Aucune personne n’intervient. Obtient son propre jeton par client credentials.',
      },
      api: {
        title: 'Une API qui vérifie les jetons',
        lead: 'N’accepte que les jetons d’accès qui lui sont destinés.',
      },
    },
    scopes: 'Ce que vous pouvez demander',
    scope: 'Scope',
    gives: 'Ce qu’il donne',
    scopeList: {
      openid: 'qui s’est connecté : l’identifiant, rien de plus',
      profile: 'nom, nom d’utilisateur, photo, langue, fuseau horaire',
      email: 'adresse e-mail, confirmée ou non',
      contact: 'adresse postale ; numéro de téléphone',
      memberships: 'des noms, en listes simples',
      permissions: 'ce que la personne peut faire dans cette application ou API',
      offline: 'un jeton d’actualisation qui survit à la session',
    },
    reference: 'Référence de l’API',
  },
  apiReference: {
    title: 'Référence de l’API',
    version: 'Version {version}',
    machine: 'La même chose en document OpenAPI 3.1',
    contents: 'Sommaire',
    problems:
      'Les erreurs sont des documents de problème (RFC 9457, application/problem+json) avec un type, un titre, un détail et l’identifiant de la requête.',
    other: 'Autres',
    empty: 'Le document ne contient aucune opération.',
    permission: 'Autorisation :',
    anySignedIn: 'aucune, un jeton valable suffit',
    parameters: 'Paramètres',
    body: 'Corps',
    answers: 'Réponses',
    name: 'Nom',
    where: 'Emplacement',
    type: 'Type',
    meaning: 'Signification',
    required: 'requis',
  },
};
