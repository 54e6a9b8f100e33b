// A page that does what an engine does at most, and what a hijacked one would try. It stands for both in tests of windows.

/** Resolves with how an attempt ended, within two seconds. */
function outcomeOf(attempt) {
  const late = new Promise((resolve) => setTimeout(() => resolve('silent'), 2000))
  return Promise.race([
    Promise.resolve()
      .then(attempt)
      .catch((error) => `refused: ${error.name}`),
    late,
  ])
}

function reachByWebRtc(port) {
  return new Promise((resolve) => {
    const peer = new RTCPeerConnection({
      iceServers: [{ urls: `turn:127.0.0.1:${port}?transport=tcp`, username: 'a', credential: 'b' }],
    })
    peer.createDataChannel('out')
    const found = []
    peer.onicecandidate = ({ candidate }) =>
      candidate === null ? resolve(`${found.length} candidates`) : found.push(candidate.candidate)
    void peer.createOffer().then((offer) => peer.setLocalDescription(offer))
  })
}

function reachBySocket(port) {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`)
    socket.onopen = () => resolve('reached')
    socket.onerror = () => resolve('refused')
  })
}

/** Everything that leads out of the window, tried for real against a server of this machine. */
async function tryToReach(port) {
  const address = `http://127.0.0.1:${port}/`
  const image = new Image()
  return {
    fetch: await outcomeOf(() => fetch(address, { mode: 'no-cors' }).then(() => 'reached')),
    beacon: await outcomeOf(() => `${navigator.sendBeacon(address)}`),
    socket: await outcomeOf(() => reachBySocket(port)),
    image: await outcomeOf(
      () =>
        new Promise(
          (resolve, reject) => (
            (image.onload = () => resolve('reached')),
            (image.onerror = () => reject(new Error('no'))),
            (image.src = `${address}a.png`)
          ),
        ),
    ),
    webRtc: await outcomeOf(() => reachByWebRtc(port)),
    file: await outcomeOf(() => fetch('file:///etc/hostname').then(() => 'reached')),
    outside: await outcomeOf(() => fetch('/../../package.json').then((answer) => answer.status)),
    window: await outcomeOf(() => `${window.open(address)}`),
    camera: await outcomeOf(() => navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'reached')),
    leaks: ['require', 'process', 'Buffer', 'ipcRenderer', 'hearth'].filter((name) => name in globalThis),
  }
}

function describeGraphics() {
  const gl = document.createElement('canvas').getContext('webgl2')
  if (gl === null) return null
  const info = gl.getExtension('WEBGL_debug_renderer_info')
  return {
    renderer: gl.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER),
    floats: gl.getExtension('EXT_color_buffer_float') !== null,
  }
}

function tryWorker() {
  return new Promise((resolve) => {
    const address = URL.createObjectURL(new Blob(['postMessage(6 * 7)'], { type: 'text/javascript' }))
    const worker = new Worker(address)
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = () => resolve('failed')
  })
}

/** How often frames and short timers come, since nobody sees this window. */
async function measurePace() {
  const began = performance.now()
  let timers = 0
  let frames = 0
  const frame = () => {
    frames++
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  while (performance.now() - began < 1000) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    timers++
  }
  return { timers, frames }
}

const answers = {
  echo: ({ value }) => value,
  reach: ({ port }) => tryToReach(port),
  graphics: () => describeGraphics(),
  worker: () => tryWorker(),
  pace: () => measurePace(),
  remember: () => {
    const before = localStorage.getItem('seen')
    localStorage.setItem('seen', 'yes')
    return before
  },
  leave: ({ port }) => {
    location.href = `http://127.0.0.1:${port}/left`
    return location.href
  },
  hang: () => {
    for (;;) performance.now()
  },
}

addEventListener('message', ({ data, ports: [port] }) => {
  if (data?.kind !== 'port' || port === undefined) return
  port.onmessage = async ({ data: question }) => {
    const answer = await Promise.resolve(question)
      .then(answers[question.kind])
      .catch((error) => String(error))
    port.postMessage({ kind: question.kind, answer })
  }
  port.postMessage({ kind: 'booted' })
})
