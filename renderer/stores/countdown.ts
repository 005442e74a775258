import { useEffect, useState } from 'react';

/** Whole seconds until a moment, told once a second; 0 when it has come, null without one. */
export function useSecondsUntil(moment: string | null): number | null {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (moment === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [moment]);
  if (moment === null) return null;
  return Math.max(0, Math.ceil((Date.parse(moment) - now) / 1000));
}

/** `9:05`, `1:20:00`: minutes and seconds, hours where there are some. */
export function clockOf(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  if (hours === 0) return `${minutes}:${two(seconds % 60)}`;
  return `${hours}:${two(minutes)}:${two(seconds % 60)}`;
}
