import { code } from './markdown.mjs'

/** The fields of an object's JSON schema, one a row; those of objects inside follow as `outer.inner`. */
export function fieldRows(schema, before = '') {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const isGiven = field.default !== undefined || schema.required?.includes(name)
    const path = before + name
    const row = {
      name: isGiven ? path : `${path}?`,
      type: typeOf(field),
      fallback: field.default === undefined ? '-' : code(JSON.stringify(field.default)),
      meaning: field.description ?? '',
    }
    return [row, ...fieldRows(insideOf(field), isList(field) ? `${path}[].` : `${path}.`)]
  })
}

function insideOf(field) {
  return isList(field) ? field.items : field
}

function isList({ type }) {
  return type === 'array'
}

function typeOf(field) {
  if (field.$ref !== undefined) return reference(field.$ref)
  if (isList(field)) return `list of ${typeOf(field.items)}`
  if (field.enum !== undefined) return field.enum.map(code).join(', ')
  if (field.type === 'object') return objectOf(field)
  if (field.minimum !== undefined) return `${field.type}, ${field.minimum} to ${field.maximum}`
  if (field.maxLength !== undefined) return `${field.type}, at most ${field.maxLength} characters`
  return field.type
}

function objectOf({ additionalProperties, properties }) {
  if (properties !== undefined || !additionalProperties) return 'object'
  return additionalProperties.type === undefined
    ? 'object'
    : `object, each value a ${additionalProperties.type}`
}

function reference(ref) {
  const name = ref.split('/').at(-1)
  return `[${name}](#${name.toLowerCase()})`
}
