// An OpenID Connect provider of its own process: node openid-provider.mjs REDIRECT_URI [PORT]. Prints its issuer. Who
// signs in as `name.role.role` has these roles; any password does.
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const [, , redirectUri, port = '0'] = process.argv
const server = createServer()
server.listen(Number(port), '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'borderflow', client_secret: 'a secret of the test', redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], profile: ['preferred_username', 'roles'] },
    cookies: { keys: ['of the test'] },
    findAccount: (_context, id) => {
      const [name, ...roles] = id.split('.')
      return { accountId: id, claims: () => ({ sub: id, preferred_username: name, roles }) }
    }
  })
  server.on('request', provider.callback())
  process.stdout.write(`${issuer}\n`)
})
