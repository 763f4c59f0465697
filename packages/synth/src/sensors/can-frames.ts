/** Layouts of CAN frames of a Toyota of 2017, as public signal definitions describe them. */

const kmhPerMs = 3.6;

/** 0xAA: the four wheel speeds, m/s; 15 bits each behind a fault bit, 0.01 km/h per step from −67.67 km/h. */
export function wheelSpeeds(
  frontRight: number,
  frontLeft: number,
  rearRight: number,
  rearLeft: number,
): Uint8Array {
  const data = new Uint8Array(8);
  [frontRight, frontLeft, rearRight, rearLeft].forEach((speed, i) => {
    const raw = clamp(Math.round((speed * kmhPerMs + 67.67) / 0.01), 0, 0x7fff);
    data[2 * i] = raw >> 8;
    data[2 * i + 1] = raw & 0xff;
  });
  return data;
}

/**
 * 0x25: the steering wheel's angle (degrees, positive to the left; steps of 1.5 and a fraction in steps of 0.1) and its rate
 * (degrees per second).
 */
export function steering(angle: number, rate: number): Uint8Array {
  const data = new Uint8Array(8);
  const coarse = clamp(Math.round(angle / 1.5), -2048, 2047);
  const fraction = clamp(Math.round((angle - 1.5 * coarse) / 0.1), -7, 7);
  const turning = clamp(Math.round(rate), -2048, 2047);
  data[0] = (coarse >> 8) & 0x0f;
  data[1] = coarse & 0xff;
  data[4] = ((fraction & 0x0f) << 4) | ((turning >> 8) & 0x0f);
  data[5] = turning & 0xff;
  return withChecksum(0x25, data);
}

/** 0x24: yaw rate (degrees per second), longitudinal and lateral acceleration (m/s²), 10 bits each. */
export function kinematics(yawRate: number, ahead: number, left: number): Uint8Array {
  const data = new Uint8Array(8);
  const yaw = clamp(Math.round((yawRate + 125) / 0.244), 0, 1023);
  const x = clamp(Math.round((ahead + 18.375) / 0.03589), 0, 1023);
  const y = clamp(Math.round((left + 18.375) / 0.03589), 0, 1023);
  data[0] = yaw >> 8;
  data[1] = yaw & 0xff;
  data[2] = x >> 8;
  data[3] = x & 0xff;
  data[4] = y >> 8;
  data[5] = y & 0xff;
  return withChecksum(0x24, data);
}

/** 0xA6: how hard the brake is pressed, 0 … 250. */
export function brake(amount: number): Uint8Array {
  const data = new Uint8Array(8);
  const pressed = clamp(Math.round(amount), 0, 250);
  data[0] = pressed;
  data[2] = pressed >> 1;
  return withChecksum(0xa6, data);
}

/** 0xB4: the vehicle's speed, m/s, in steps of 0.01 km/h, and a counter of wheel pulses. */
export function vehicleSpeed(speed: number, pulses: number): Uint8Array {
  const data = new Uint8Array(8);
  const raw = clamp(Math.round((speed * kmhPerMs) / 0.01), 0, 0xffff);
  data[4] = pulses & 0xff;
  data[5] = raw >> 8;
  data[6] = raw & 0xff;
  return withChecksum(0xb4, data);
}

/** A frame that nobody here reads: a counter and some bytes. */
export function filler(id: number, counter: number, noise: number): Uint8Array {
  const data = new Uint8Array(8);
  data[0] = counter & 0xff;
  data[1] = 0x40;
  data[3] = noise & 0xff;
  data[4] = (noise >> 8) & 0xff;
  return withChecksum(id, data);
}

/** The last byte is the sum of the identifier's bytes, the length and the other bytes. */
function withChecksum(id: number, data: Uint8Array): Uint8Array {
  let sum = (id >> 8) + (id & 0xff) + data.length;
  for (let i = 0; i < data.length - 1; i++) sum += data[i] ?? 0;
  data[data.length - 1] = sum & 0xff;
  return data;
}

function clamp(value: number, least: number, greatest: number): number {
  return Math.max(least, Math.min(greatest, value));
}
