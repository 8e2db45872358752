/** Addresses that an endpoint or a service may send traffic to. Source: `pkg/apis/core/validation/validation.go`. */
import { type FieldError, invalid } from "./field_error.ts";
import { type IpAddress, parseIp } from "./ip_address.ts";

/** Errors of an address that means no single machine, or only the sender's own. */
export function validateEndpointIp(path: string, value: string): FieldError[] {
  const address = parseIp(value);
  if (address === undefined) return [invalid(path, value, "must be a valid IP address")];
  const wrong = (message: string) => [invalid(path, value, message)];
  const bytes = plainBytes(address);
  const [first, second] = bytes;
  if (bytes.length === 4) {
    return [
      ...bytes.every((byte) => byte === 0) ? wrong(`may not be unspecified (${value})`) : [],
      ...first === 127 ? wrong("may not be in the loopback range (127.0.0.0/8, ::1/128)") : [],
      ...first === 169 && second === 254 ? wrong("may not be in the link-local range (169.254.0.0/16, fe80::/10)") : [],
      ...first === 224 && second === 0 && bytes[2] === 0
        ? wrong("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
        : [],
    ];
  }
  const zero = bytes.slice(0, 15).every((byte) => byte === 0);
  return [
    ...zero && bytes[15] === 0 ? wrong(`may not be unspecified (${value})`) : [],
    ...zero && bytes[15] === 1 ? wrong("may not be in the loopback range (127.0.0.0/8, ::1/128)") : [],
    ...first === 0xfe && (second & 0xc0) === 0x80
      ? wrong("may not be in the link-local range (169.254.0.0/16, fe80::/10)")
      : [],
    ...first === 0xff && (second & 0x0f) === 0x02
      ? wrong("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
      : [],
  ];
}

/** An IPv4 address written as IPv6 is one of IPv4. */
const plainBytes = ({ bytes, mapped }: IpAddress): readonly number[] => mapped ? bytes.slice(12) : bytes;
