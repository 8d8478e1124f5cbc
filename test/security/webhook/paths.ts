/** What people and programs ask a port that they know nothing of. */
const asked = `
/ /index.html /index.php /favicon.ico /robots.txt /sitemap.xml /.well-known/security.txt /.well-known/openid-configuration
/.well-known/oauth-authorization-server /.well-known/oauth-protected-resource /.well-known/mcp.json /.well-known/jwks.json
/mcp /mcp/ /sse /messages /message /rpc /jsonrpc /tools /tools/list /tools/call /resources /prompts /initialize /session
/health /healthz /livez /readyz /ready /live /ping /status /version /info /about /metrics /stats /debug /debug/vars
/debug/pprof /debug/pprof/heap /json /json/list /json/version /inspector /trace /heapdump /env /config /configuration
/config.json /package.json /package-lock.json /node_modules /dist /src /src/bin.ts /tsconfig.json /.env /.env.local
/.git/config /.git/HEAD /.npmrc /.ssh/id_rsa /id_rsa /etc/passwd /../../etc/passwd /%2e%2e/%2e%2e/etc/passwd /proc/self/environ
/coffer.db /data/coffer.db /coffer.db-wal /database.id /leader.lock /backup /backups /export /export.json /snapshot
/connections /connections/item-1 /accounts /balances /transactions /holdings /positions /tokens /token /access_token
/link /link/token /link/token/create /item/get /item/remove /accounts/get /transactions/get /webhook_verification_key/get
/sandbox/item/fire_webhook /done /done/1 /confirm /confirm/1 /repair /reauth /approve /approval /audit /log /logs /events
/webhook /webhooks /hook /hooks /plaid /plaid/ /plaid/webhooks /plaid/webhook/ /plaid/webhook/1 /plaid/webhook/status
/plaid/webhook.json /plaid/item /plaid/link /api /api/ /api/v1 /api/v1/plaid/webhook /api/plaid/webhook /v1 /v2
/v1/plaid/webhook /plaid/v1/webhook /graphql /graphiql /swagger /swagger.json /swagger-ui /openapi.json /docs /redoc /api-docs
/admin /admin/login /administrator /login /logout /signin /signup /register /user /users /account /me /profile /password
/wp-admin /wp-login.php /xmlrpc.php /phpmyadmin /cgi-bin/test.cgi /shell /cmd /exec /eval /run /console /actuator
/actuator/health /actuator/env /manager/html /solr /jenkins /server-status /server-info /_next /_next/static /static
/static/app.js /assets /public /uploads /download /upload /file /files /proxy /redirect /fetch /url /latest/meta-data
/oauth/token /oauth/authorize /callback /auth /auth/login /jwks /keys /key /secret /secrets /vault /shutdown /restart /stop
/reload /update /delete /reset /test /demo /simulator /ws /socket.io /socket.io/?EIO=4 /websocket /stream /favicon.png
`

export const paths: readonly string[] = asked.trim().split(/\s+/).slice(0, 200)
