// What a gateway of SAP does before a service is asked: it listens on this computer only, hands out tokens for writing,
// and refuses a write without one.
const cds = require('@sap/cds')
const { randomUUID } = require('crypto')
const issued = new Set()

cds.on('bootstrap', app => {
  const listen = app.listen.bind(app)
  app.listen = port => listen(port, '127.0.0.1')
  app.use((request, response, next) => {
    const sent = request.headers['x-csrf-token'] || ''
    const reading = ['GET', 'HEAD'].includes(request.method)
    if (reading && /^fetch$/i.test(sent)) {
      const token = randomUUID()
      issued.add(token)
      response.set('x-csrf-token', token)
    }
    if (reading || issued.has(sent)) return next()
    response.set('x-csrf-token', 'Required').status(403).send('CSRF token validation failed')
  })
})

module.exports = cds.server
