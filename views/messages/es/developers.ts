import type { developers as english } from '../en/developers.ts';
import type { Translation } from '../message-types.ts';

export const developers: Translation<typeof english> = {
  problemPage: {
    fields:
      'Cada respuesta de error incluye un código que nombra la regla, un identificador de solicitud y, si los datos son incorrectos, el lugar de cada fallo.',
    next: 'Qué hacer',
    status: 'Estado HTTP',
    type: 'Tipo',
    reference: 'Referencia de la API',
    kinds: {
      invalid: {
        title: 'La solicitud no es válida',
        meaning: 'Algo en el cuerpo o en los parámetros no es lo que admite esta operación. No se ha cambiado nada.',
        next: 'Consulte «errors»: cada entrada indica un puntero (RFC 6901) o el nombre de un parámetro y lo que se esperaba.',
      },
      unauthenticated: {
        title: 'Hace falta autenticarse',
        meaning: 'No hay token de acceso, o ha caducado, se ha revocado o es para otro servidor de recursos.',
        next: 'Pida un token para el recurso urn:doorward:admin y envíelo como «Authorization: Bearer …».',
      },
      step_up_required: {
        title: 'Hace falta un inicio de sesión más seguro o más reciente',
        meaning:
          'El token es válido, pero el inicio de sesión del que procede no es lo bastante seguro o reciente (RFC 9470).',
        next: 'Inicie sesión de nuevo con los acr_values o el max_age que indica WWW-Authenticate.',
      },
      forbidden: {
        title: 'Esto no está permitido',
        meaning:
          'El token es válido, pero no incluye el permiso para esta operación, o esta daría más de lo que usted tiene.',
        next: 'La referencia de la API indica el permiso de cada operación. Pida a su administrador un rol que lo incluya.',
      },
      not_found: {
        title: 'Ese recurso no existe',
        meaning: 'El identificador está mal escrito, o lo que designaba se ha eliminado.',
        next: 'Búsquelo en la lista.',
      },
      conflict: {
        title: 'Esto entra en conflicto con lo que ya existe',
        meaning:
          'Un nombre está ocupado, o se incumpliría una regla que abarca varios elementos. No se ha cambiado nada.',
        next: 'El código indica la regla; el puntero, el campo.',
      },
      precondition: {
        title: 'El recurso ha cambiado entretanto',
        meaning: 'If-Match no indica la versión actual, o falta donde es necesario.',
        next: 'Vuelva a leer el recurso, repita su cambio y envíe su ETag como If-Match.',
      },
      limited: {
        title: 'Demasiadas solicitudes',
        meaning: 'Se ha alcanzado un límite. No se ha cambiado nada.',
        next: 'Espere los segundos que indica Retry-After e inténtelo de nuevo.',
      },
      server_error: {
        title: 'Algo ha fallado por nuestra parte',
        meaning: 'El servidor ha fallado. La respuesta solo contiene el identificador de la solicitud.',
        next: 'Facilite el identificador de la solicitud a su administrador: con él encontrará la causa en el registro.',
      },
    },
  },
  integrate: {
    title: 'Conectar una aplicación',
    lead: 'Tres pasos: registre aquí la aplicación, dé a su biblioteca la dirección de abajo y pida lo que necesite.',
    address: 'Lo que toda aplicación necesita',
    issuer: 'Emisor',
    discovery: 'Descubrimiento',
    register: '1. Registrar',
    registerHint: 'Guarde esto en un archivo doorward.yaml y aplíquelo. Aplicarlo dos veces no hace daño.',
    copy: '2. Copiar en su código',
    applyTitle: 'Aplicar el archivo',
    applyDry: 'Añada --dry-run para ver antes el plan. La API de administración también puede registrar aplicaciones.',
    label: '{kind}: {step}',
    kinds: {
      web: {
        title: 'Una aplicación web con servidor',
        lead: 'Guarda un secreto y una sesión propia. Usa código con PKCE.',
      },
      spa: {
        title: 'Una aplicación de página única',
        lead: 'Se ejecuta en el navegador, así que no tiene secreto. Usa código con PKCE.',
      },
      service: {
        title: 'Un servicio',
        lead: 'No interviene ninguna persona. Obtiene su propio token con client credentials.',
      },
      api: {
        title: 'Una API que comprueba tokens',
        lead: 'Acepta los tokens de acceso destinados a ella, y nada más.',
      },
    },
    scopes: 'Lo que puede pedir',
    scope: 'Scope',
    gives: 'Lo que da',
    scopeList: {
      openid: 'quién ha iniciado sesión: el identificador, nada más',
      profile: 'nombre, nombre de usuario, foto, idioma, zona horaria',
      email: 'dirección de correo y si está verificada',
      contact: 'dirección postal; número de teléfono',
      memberships: 'nombres, en listas sencillas',
      permissions: 'lo que la persona puede hacer en esta aplicación o API',
      offline: 'un token de actualización que dura más que la sesión',
    },
    reference: 'Referencia de la API',
  },
  apiReference: {
    title: 'Referencia de la API',
    version: 'Versión {version}',
    machine: 'Lo mismo como documento OpenAPI 3.1',
    contents: 'Contenido',
    problems:
      'Los errores son documentos de problema (RFC 9457, application/problem+json) con tipo, título, detalle y el identificador de la solicitud.',
    other: 'Otros',
    empty: 'El documento no contiene ninguna operación.',
    permission: 'Permiso:',
    anySignedIn: 'ninguno, basta un token válido',
    parameters: 'Parámetros',
    body: 'Cuerpo',
    answers: 'Respuestas',
    name: 'Nombre',
    where: 'Lugar',
    type: 'Tipo',
    meaning: 'Significado',
    required: 'obligatorio',
  },
};
