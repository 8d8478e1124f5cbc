/** A message for developers, and after it, where Plaid has one, the text for the person. */
type Words = readonly [message: string, display?: string]

const DOWN: Words = [
  'this institution is not currently responding to this request. please try again soon',
  'This financial institution is not currently responding to requests. We apologize for the inconvenience.',
]
const LIMIT: Words = ['rate limit exceeded for attempts to access this item. please try again later']
const EVERY_INSTITUTION: Words = [
  'rate limit exceeded for attempts to access "institutions get by id". please try again later',
]
const NO_INVESTMENTS: Words = [
  'There are no valid investment account(s) associated with this Item. See https://plaid.com/docs/api/#item-errors for more information.',
]

const ITEM_ERROR = {
  ACCESS_NOT_GRANTED: [
    'access to this product was not granted for the account',
    'The user did not grant the necessary permissions for this product on their account.',
  ],
  INSUFFICIENT_CREDENTIALS: [
    'insufficient authorization was provided to complete the request',
    'INSUFFICIENT_CREDENTIALS',
  ],
  INVALID_CREDENTIALS: [
    'the provided credentials were not correct',
    'The provided credentials were not correct. Please try again.',
  ],
  INVALID_MFA: [
    'the provided MFA response(s) were not correct',
    'The provided MFA responses were not correct. Please try again.',
  ],
  INVALID_OTP: ['the provided OTP was invalid', 'The provided OTP was invalid. Please try again.'],
  INVALID_PHONE_NUMBER: [
    'the provided phone number was invalid',
    'The provided phone number was invalid. Please try again.',
  ],
  INVALID_SEND_METHOD: ['the provided MFA send_method was invalid'],
  INVALID_UPDATED_USERNAME: [
    'the username provided to /item/credentials/update does not match the original username for the item',
  ],
  ITEM_CONCURRENTLY_DELETED: ['This item was deleted while the operation was in progress'],
  ITEM_LOCKED: [
    "the account is locked. prompt the user to visit the institution's site and unlock their account",
    "The given account has been locked by the financial institution. Please visit your financial institution's website to unlock your account.",
  ],
  ITEM_LOGIN_REQUIRED: [
    "the login details of this item have changed (credentials, MFA, or required user action) and a user login is required to update this information. use Link's update mode to restore the item to a good state",
  ],
  ITEM_NOT_FOUND: [
    'The Item you requested cannot be found. This Item does not exist, has been previously removed via /item/remove, or has had access removed by the user.',
  ],
  ITEM_NOT_SUPPORTED: [
    'this account is currently not supported',
    'The given account is not currently supported for this financial institution. We apologize for the inconvenience.',
  ],
  MFA_NOT_SUPPORTED: [
    'this account requires a MFA type that we do not currently support for the institution',
    'The multi-factor security features enabled on this account are not currently supported for this financial institution. We apologize for the inconvenience.',
  ],
  NO_ACCOUNTS: [
    'no valid accounts were found for this item',
    "No valid accounts were found at the financial institution. Please visit your financial institution's website to confirm accounts are available.",
  ],
  NO_AUTH_ACCOUNTS: [
    'There are no valid checking or savings account(s) associated with this Item. See https://plaid.com/docs/api/#item-errors for more.',
  ],
  NO_INVESTMENT_ACCOUNTS: NO_INVESTMENTS,
  NO_INVESTMENT_AUTH_ACCOUNTS: NO_INVESTMENTS,
  NO_LIABILITY_ACCOUNTS: [
    'There are no valid liability account(s) associated with this Item. See https://plaid.com/docs/api/#item-errors for more information.',
  ],
  PASSWORD_RESET_REQUIRED: [
    'user must reset their password',
    'The user needs to reset their password for their account',
  ],
  PRODUCT_NOT_ENABLED: [
    'A requested product was not enabled for the current access token. Please ensure it is included when when initializing Link and create the Item again.',
  ],
  PRODUCT_NOT_READY: [
    'the requested product is not yet ready. please provide a webhook or try the request again later',
  ],
  PRODUCTS_NOT_SUPPORTED: ['the requested products are not supported for this item'],
  USER_INPUT_TIMEOUT: ['user must retry this operation', 'The application timed out waiting for user input'],
  USER_SETUP_REQUIRED: [
    "the account has not been fully set up. prompt the user to visit the issuing institution's site and finish the setup process",
    "The given account is not fully setup. Please visit your financial institution's website to setup your account.",
  ],
} satisfies Record<string, Words>

const INVALID_INPUT = {
  ADDITIONAL_CONSENT_REQUIRED: ['client does not have user consent to access the requested product'],
  DIRECT_INTEGRATION_NOT_ENABLED: [
    'your client ID is only authorized to use Plaid Link. head to the docs (https://plaid.com/docs) to get started.',
  ],
  INVALID_ACCESS_TOKEN: ['could not find matching access token'],
  INVALID_ACCOUNT_ID: ['failed to find requested account ID for requested item'],
  INVALID_API_KEYS: ['invalid client_id or secret provided'],
  INVALID_INSTITUTION: ['invalid institution_id provided'],
  INVALID_LINK_CUSTOMIZATION: ['requested link customization is not set to update account selection'],
  INVALID_LINK_TOKEN: ['invalid link_token provided'],
  INVALID_PRODUCT: ['client is not authorized to access the requested products'],
  INVALID_PUBLIC_TOKEN: ['could not find matching public token'],
  INVALID_USER_ID: ['user.user_id must be a non-empty string'],
  INVALID_WEBHOOK_VERIFICATION_KEY_ID: [
    'invalid key_id provided. note that key_ids are specific to Plaid environments, and verification requests must be made to the same environment that the webhook was sent from',
  ],
  TOO_MANY_VERIFICATION_ATTEMPTS: ['too many verification attempts'],
  UNAUTHORIZED_ENVIRONMENT: [
    'you are not authorized to create items in this api environment. Go to the Dashboard (https://dashboard.plaid.com) to see which environments you are authorized for.',
  ],
  UNAUTHORIZED_ROUTE_ACCESS: ['you are not authorized to access this route in this api environment.'],
  USER_PERMISSION_REVOKED: [
    'the holder of this account has revoked their permission for your application to access it',
  ],
} satisfies Record<string, Words>

const INVALID_REQUEST = {
  INCOMPATIBLE_API_VERSION: ['the requested API version is not supported'],
  INVALID_ACCOUNT_NUMBER: ['The provided account number was invalid.'],
  INVALID_BODY: ['body could not be parsed as JSON'],
  INVALID_CONFIGURATION: ['please ensure that the request body is formatted correctly'],
  INVALID_FIELD: ['a field of the request body has a value that is not allowed'],
  INVALID_HEADERS: ['the request headers are not valid'],
  MISSING_FIELDS: ['required fields are missing from the request body'],
  NO_LONGER_AVAILABLE: ['this endpoint is no longer available'],
  NOT_FOUND: ['not found'],
  SANDBOX_ONLY: ['this endpoint is only available in the sandbox environment'],
  UNKNOWN_FIELDS: ['the request body has fields that are not recognized'],
} satisfies Record<string, Words>

const INSTITUTION_ERROR = {
  INSTITUTION_DOWN: DOWN,
  INSTITUTION_NO_LONGER_SUPPORTED: [
    'this institution is no longer supported',
    'This financial institution is no longer supported. We apologize for the inconvenience.',
  ],
  INSTITUTION_NOT_AVAILABLE: DOWN,
  INSTITUTION_NOT_ENABLED_IN_ENVIRONMENT: ['Institution not enabled in this environment'],
  INSTITUTION_NOT_RESPONDING: DOWN,
  INSTITUTION_REGISTRATION_REQUIRED: [
    'not yet registered to create items for this institution',
    'You must register your application with this institution before you can create items for it.',
  ],
  UNAUTHORIZED_INSTITUTION: [
    'not authorized to create items for this institution',
    'You are not authorized to create items for this institution at this time.',
  ],
  UNSUPPORTED_RESPONSE: [
    'the data returned from the financial institution is not valid',
    'The data returned from the financial institution is not valid.',
  ],
} satisfies Record<string, Words>

const RATE_LIMIT_EXCEEDED = {
  ACCOUNTS_BALANCE_GET_LIMIT: LIMIT,
  ACCOUNTS_LIMIT: LIMIT,
  AUTH_LIMIT: LIMIT,
  BALANCE_LIMIT: LIMIT,
  CREDITS_EXHAUSTED: [
    'Free usage exhausted, please request full Production access to continue using this product',
  ],
  IDENTITY_LIMIT: LIMIT,
  INSTITUTION_RATE_LIMIT: [
    'The institution is currently receiving too many requests. Please try again later.',
  ],
  INSTITUTIONS_GET_BY_ID_LIMIT: EVERY_INSTITUTION,
  INSTITUTIONS_GET_LIMIT: EVERY_INSTITUTION,
  INVESTMENT_HOLDINGS_GET_LIMIT: LIMIT,
  INVESTMENT_TRANSACTIONS_LIMIT: LIMIT,
  ITEM_GET_LIMIT: LIMIT,
  RATE_LIMIT: LIMIT,
  TRANSACTIONS_LIMIT: LIMIT,
  TRANSACTIONS_REFRESH_LIMIT: LIMIT,
  TRANSACTIONS_SYNC_LIMIT: LIMIT,
} satisfies Record<string, Words>

/** Plaid's documented errors: type, then code, then what it says. */
export const failureTable = {
  ITEM_ERROR,
  INVALID_INPUT,
  INVALID_REQUEST,
  INSTITUTION_ERROR,
  RATE_LIMIT_EXCEEDED,
  API_ERROR: {
    INTERNAL_SERVER_ERROR: ['an unexpected error occurred'],
    PLANNED_MAINTENANCE: [
      'the Plaid API is temporarily unavailable due to planned maintenance. visit https://status.plaid.com/ for more information',
    ],
  },
  INVALID_RESULT: {
    LAST_UPDATED_DATETIME_OUT_OF_RANGE: ['requested datetime out of range'],
  },
  SANDBOX_ERROR: {
    SANDBOX_PRODUCT_NOT_ENABLED: ['The requested product is not enabled on this item'],
    SANDBOX_WEBHOOK_INVALID: [
      "Webhook for this item is either not set up, or invalid. Please update the item's webhook and try again.",
    ],
  },
  TRANSACTIONS_ERROR: {
    TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION: [
      'Underlying transaction data changed since last page was fetched. Please restart pagination from last update.',
    ],
  },
  USER_ERROR: {
    INVALID_USER_IDENTITY_DATA: ['Invalid email format.'],
    USER_NOT_FOUND: [
      'The User you requested cannot be found. This User does not exist or has had access removed by the user.',
    ],
  },
} as const satisfies Record<string, Record<string, Words>>

/** Everything else is 400, an institution that is down included. */
export const statusOf: Readonly<Record<string, number>> = {
  INTERNAL_SERVER_ERROR: 500,
  PLANNED_MAINTENANCE: 503,
  INVALID_USER_IDENTITY_DATA: 403,
  NOT_FOUND: 404,
  NO_LONGER_AVAILABLE: 404,
}
