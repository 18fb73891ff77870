// Draws a piano roll; stands before the scripts of what is written (draft.js) and of what is there (results.js).
// roll: {seconds, low, high, notes: [[start, length, pitch, who]], sections: [[name, second]], bars: [second]}
const NS = 'http://www.w3.org/2000/svg';
const TALL = 4, SECOND = 34, HEAD = 18;

function make(parent, name, attributes = {}, text) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  parent.appendChild(node);
  return node;
}

function shape(parent, name, attributes, text) {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  parent.appendChild(node);
  return node;
}

// authors: [[who, in words], ...], each with the colour of their notes.
function legend(parent, authors) {
  const told = make(parent, 'p', {class: 'legend'});
  for (const [who, text] of authors) {
    const span = make(told, 'span');
    make(span, 'i', {class: `by-${who}`});
    span.append(text);
  }
  return told;
}

// Where in the piece of roll `to` what stands at a second of roll `from` does: in the same part of the same bar.
function along(second, from, to) {
  const bar = Math.max(0, from.bars.findLastIndex(line => line <= second));
  const [[begin, end], [other, behind]] = [from, to].map(({bars, seconds}) => [bars[bar] ?? seconds, bars[bar + 1] ?? seconds]);
  return other + (second - begin) / (end - begin || 1) * (behind - other);
}

const clock = s => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, '0')}`;

// audio: what plays it; range: a field with the first and the last bar that are marked, or none.
function roll(parent, name, {seconds, low, high, notes, sections, bars}, audio, range) {
  const pitches = high - low + 3;
  const [width, height] = [Math.ceil(seconds * SECOND) + 8, pitches * TALL + HEAD + 12];
  const window = make(parent, 'div', {class: 'roll', tabindex: 0, role: 'region', 'aria-label': `piano roll of ${name}, scrolls sideways`});
  const svg = shape(window, 'svg', {width, height, viewBox: `0 0 ${width} ${height}`});
  for (let pitch = low - 1; pitch <= high + 1; pitch++) {
    if ([1, 3, 6, 8, 10].includes(pitch % 12)) {
      shape(svg, 'rect', {x: 0, y: HEAD + (high + 1 - pitch) * TALL, width, height: TALL, class: 'black-key'});
    }
  }
  for (let second = 5; second < seconds; second += 5) {
    shape(svg, 'line', {x1: second * SECOND, x2: second * SECOND, y1: HEAD, y2: height, class: 'time'});
    shape(svg, 'text', {x: second * SECOND, y: 13, 'text-anchor': 'middle'}, clock(second));
  }
  const chosen = shape(svg, 'rect', {y: 0, height, class: 'chosen'});
  if (range) range.addEventListener('input', () => {
    const [first, last] = [...range.querySelectorAll('input')].map(field => Number(field.value));
    const [from, to] = [bars[first - 1] ?? seconds, bars[last] ?? seconds];
    chosen.setAttribute('x', from * SECOND);
    chosen.setAttribute('width', Math.max(0, to - from) * SECOND);
    if (from * SECOND > window.scrollLeft + window.clientWidth) window.scrollLeft = from * SECOND - 30;
  });
  bars.forEach((second, bar) => {
    shape(svg, 'line', {x1: second * SECOND, x2: second * SECOND, y1: height - 9, y2: height, class: 'bar'});
    shape(svg, 'text', {x: second * SECOND + 2, y: height - 2, class: 'bar'}, bar + 1);
  });
  for (const [name, second] of sections) {
    shape(svg, 'line', {x1: second * SECOND, x2: second * SECOND, y1: 0, y2: height, class: 'section'});
    shape(svg, 'text', {x: second * SECOND + 4, y: 13, class: 'section'}, name);
  }
  for (const [start, length, pitch, who] of notes) {
    shape(svg, 'rect', {x: start * SECOND, y: HEAD + (high + 1 - pitch) * TALL, rx: 1,
                        width: Math.max(1.5, length * SECOND - 0.7), height: TALL - 0.6, class: `by-${who}`});
  }
  make(parent, 'p', {class: 'key'}, 'High notes are on top; above is the time, below the bars.');
  const cursor = shape(svg, 'line', {x1: 0, x2: 0, y1: 0, y2: height, class: 'cursor'});
  const follow = () => {
    if (!window.isConnected) return;
    const x = audio.currentTime * SECOND;
    cursor.setAttribute('x1', x);
    cursor.setAttribute('x2', x);
    if (x < window.scrollLeft || x > window.scrollLeft + window.clientWidth * 0.85) {
      window.scrollLeft = x - window.clientWidth * 0.15;
    }
    if (!audio.paused) requestAnimationFrame(follow);
  };
  audio.addEventListener('play', follow);
  audio.addEventListener('seeked', follow);
  if (!audio.paused) follow();
  svg.addEventListener('click', event => {
    audio.currentTime = (event.clientX - svg.getBoundingClientRect().left) / SECOND;
  });
  return window;
}

