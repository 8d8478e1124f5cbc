// The least that could do it: node:http, one known key, one signature, one hash, one row on the disk.
//   node webhook-floor.mjs DIRECTORY JWK
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createServer } from 'node:http'
import { join } from 'node:path'
import Database from 'better-sqlite3'

const [directory, jwk] = process.argv.slice(2)
const key = createPublicKey({ key: JSON.parse(jwk), format: 'jwk' })
const database = new Database(join(directory, 'floor.db'))
database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on')
database.exec('create table inbox (id integer primary key, digest text not null unique, event text not null)')
const insert = database.prepare('insert into inbox (digest, event) values (?, ?)')

const server = createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks)
    const isRight = isSigned(String(request.headers['plaid-verification']), body)
    if (isRight) insert.run(createHash('sha256').update(body).digest('hex'), body.toString())
    response.writeHead(isRight ? 200 : 401).end()
  })
})
server.listen(0, '127.0.0.1', () => process.send(server.address().port))

function isSigned(jws, body) {
  const [header, payload, signature] = jws.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const hash = createHash('sha256').update(body).digest('hex')
  const signed = Buffer.from(`${header}.${payload}`)
  const how = { key, dsaEncoding: 'ieee-p1363' }
  return (
    claims.request_body_sha256 === hash && verify('sha256', signed, how, Buffer.from(signature, 'base64url'))
  )
}
