//! The peers written in Rust: the standard library, crossbeam and parking_lot. Called as `program IMPLEMENTATION CELL N PARAM`, like the
//! others; see c/harness.h for what it prints. Every cell is generic over its operations, which are inlined.
use std::cell::UnsafeCell;
use std::hint::spin_loop;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{mpsc, Barrier};
use std::thread;

const CHUNKS: usize = 64;

/// Of the cells `wait`.
static LONGEST_TURN: AtomicU64 = AtomicU64::new(0);

fn clock(id: libc::clockid_t) -> u64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(id, &mut t) };
    t.tv_sec as u64 * 1_000_000_000 + t.tv_nsec as u64
}

fn pin_to(cpu: usize) {
    unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        libc::CPU_SET(cpu, &mut set);
        assert_eq!(libc::sched_setaffinity(0, std::mem::size_of_val(&set), &set), 0);
    }
}

struct Meter {
    chunk: u64,
    next: u64,
    used: usize,
    stamps: [u64; CHUNKS + 1],
    cpu_start: u64,
}

impl Meter {
    fn new(n: u64) -> Meter {
        let chunk = (n / CHUNKS as u64).max(1);
        let mut m = Meter { chunk, next: chunk, used: 1, stamps: [0; CHUNKS + 1], cpu_start: clock(libc::CLOCK_PROCESS_CPUTIME_ID) };
        m.stamps[0] = clock(libc::CLOCK_MONOTONIC);
        m
    }

    fn stamp(&mut self, done: u64) {
        while self.next <= done {
            self.next += self.chunk;
        }
        if self.used <= CHUNKS {
            self.stamps[self.used] = clock(libc::CLOCK_MONOTONIC);
            self.used += 1;
        }
    }

    fn report(&self, n: u64, share: f64) {
        let end = clock(libc::CLOCK_MONOTONIC);
        let cpu = clock(libc::CLOCK_PROCESS_CPUTIME_ID) - self.cpu_start;
        let mut gaps: Vec<u64> = self.stamps[..self.used].windows(2).map(|w| w[1] - w[0]).collect();
        gaps.sort_unstable();
        let per = |ns: u64| ns as f64 / n as f64;
        let longest = LONGEST_TURN.load(Ordering::Relaxed);
        let first = if longest > 0 { longest as f64 } else { gaps[gaps.len() / 2] as f64 / self.chunk as f64 };
        println!("{:.4} {:.4} {:.4} {:.4}", first, per(end - self.stamps[0]), per(cpu), share);
    }
}

fn work(mut x: u64, rounds: u64) -> u64 {
    for _ in 0..rounds {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    x
}

struct Guarded {
    count: u64,
    x: u64,
    meter: Meter,
}

impl Guarded {
    #[inline(always)]
    fn step(&mut self, n: u64, rounds: u64) -> bool {
        if self.count >= n {
            return false;
        }
        self.count += 1;
        self.x = work(self.x, rounds);
        if self.count == self.meter.next {
            self.meter.stamp(self.count);
        }
        true
    }
}

/// Runs `with_lock`, which takes the lock, calls its argument and gives the lock back.
fn lock_cell<L: Sync>(lock: &L, with_lock: impl Fn(&L, &mut dyn FnMut(&mut Guarded)) + Sync, step: impl Fn(&L, u64, u64) -> bool + Sync, n: u64, rounds: u64, threads: usize) {
    let start_line = Barrier::new(threads);
    let mut done = vec![0u64; threads];
    thread::scope(|scope| {
        for (i, mine) in done.iter_mut().enumerate() {
            let (start_line, step) = (&start_line, &step);
            scope.spawn(move || {
                pin_to(i % 2);
                start_line.wait();
                let mut count = 0;
                while step(lock, n, rounds) {
                    count += 1;
                }
                *mine = count;
            });
        }
    });
    let sum: u64 = done.iter().sum();
    let share = *done.iter().min().unwrap() as f64 * threads as f64 / sum as f64;
    with_lock(lock, &mut |g| g.meter.report(n, share));
}

/// Does one turn and notes how long it took.
fn timed<R>(turn: impl FnOnce() -> R) -> R {
    let before = clock(libc::CLOCK_MONOTONIC);
    let result = turn();
    let took = clock(libc::CLOCK_MONOTONIC) - before;
    if took > LONGEST_TURN.load(Ordering::Relaxed) {
        LONGEST_TURN.fetch_max(took, Ordering::Relaxed);
    }
    result
}

#[repr(align(128))]
struct Aligned<T>(T);

fn guarded(n: u64) -> Guarded {
    Guarded { count: 0, x: 88172645463325252, meter: Meter::new(n) }
}

fn queue_cell<S: Send, R: Send>(sender: S, receiver: R, send: impl Fn(&S, u64) -> bool + Send, recv: impl Fn(&R) -> Option<u64> + Send, n: u64) {
    let start_line = Barrier::new(2);
    let mut meter = Meter::new(n);
    thread::scope(|scope| {
        let (line, m) = (&start_line, &mut meter);
        scope.spawn(move || {
            pin_to(1);
            line.wait();
            for i in 0..n {
                while !send(&sender, i) {
                    spin_loop();
                }
            }
        });
        scope.spawn(move || {
            pin_to(0);
            line.wait();
            for i in 0..n {
                let v = loop {
                    if let Some(v) = recv(&receiver) {
                        break v;
                    }
                    spin_loop();
                };
                assert_eq!(v, i, "a value out of order");
                if i + 1 == m.next {
                    m.stamp(i + 1);
                }
            }
        });
    });
    meter.report(n, 1.0);
}

/// Two threads take turns. `make` runs on each of them and answers its own place and the other's handle.
fn park_cell<P, U: Send>(n: u64, together: bool, make: impl Fn() -> (P, U) + Sync, park: impl Fn(&P) + Sync, unpark: impl Fn(&U) + Sync) {
    let start_line = Barrier::new(2);
    let mut meter = Meter::new(n);
    let (to_second, from_first) = mpsc::channel();
    let (to_first, from_second) = mpsc::channel();
    thread::scope(|scope| {
        let (line, m, make, park, unpark) = (&start_line, &mut meter, &make, &park, &unpark);
        scope.spawn(move || {
            pin_to(0);
            let (mine, handle) = make();
            to_second.send(handle).ok().unwrap();
            let other = from_second.recv().unwrap();
            line.wait();
            for i in 0..n {
                unpark(&other);
                park(&mine);
                if i + 1 == m.next {
                    m.stamp(i + 1);
                }
            }
        });
        scope.spawn(move || {
            pin_to(if together { 0 } else { 1 });
            let (mine, handle) = make();
            to_first.send(handle).ok().unwrap();
            let other = from_first.recv().unwrap();
            line.wait();
            for _ in 0..n {
                park(&mine);
                unpark(&other);
            }
        });
    });
    meter.report(n, 1.0);
}

fn add_cell(n: u64, threads: usize) {
    let value = Aligned(AtomicU64::new(0));
    let start_line = Barrier::new(threads);
    let meter = UnsafeCell::new(Meter::new(n));
    struct Shared<'a>(&'a UnsafeCell<Meter>);
    unsafe impl Sync for Shared<'_> {}
    let shared = Shared(&meter);
    thread::scope(|scope| {
        for index in 0..threads {
            let (value, line, shared) = (&value, &start_line, &shared);
            scope.spawn(move || {
                pin_to(index % 2);
                line.wait();
                // Only the first thread touches the meter.
                let meter = if index == 0 { Some(unsafe { &mut *shared.0.get() }) } else { None };
                if let Some(m) = meter {
                    for i in 0..n {
                        value.0.fetch_add(1, Ordering::Relaxed);
                        if i + 1 == m.next {
                            m.stamp(i + 1);
                        }
                    }
                } else {
                    for _ in 0..n {
                        value.0.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    assert_eq!(value.0.load(Ordering::Relaxed), n * threads as u64);
    unsafe { &*meter.get() }.report(n, 1.0);
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    assert_eq!(args.len(), 5, "usage: program IMPLEMENTATION CELL N PARAM");
    let (kind, threads) = args[2].split_at(args[2].len() - 1);
    let threads: usize = threads.parse().unwrap();
    let (n, param): (u64, u64) = (args[3].parse().unwrap(), args[4].parse().unwrap());
    let capacity = param as usize;
    match (args[1].as_str(), kind) {
        ("std", "lock") => {
            let lock = Aligned(std::sync::Mutex::new(guarded(n)));
            lock_cell(&lock.0, |l, f| f(&mut l.lock().unwrap()), |l, n, rounds| l.lock().unwrap().step(n, rounds), n, param, threads)
        }
        ("std", "wait") => {
            let lock = Aligned(std::sync::Mutex::new(guarded(n)));
            lock_cell(&lock.0, |l, f| f(&mut l.lock().unwrap()), |l, n, rounds| timed(|| l.lock().unwrap().step(n, rounds)), n, param, threads)
        }
        ("parking_lot", "wait") => {
            let lock = Aligned(parking_lot::Mutex::new(guarded(n)));
            lock_cell(&lock.0, |l, f| f(&mut l.lock()), |l, n, rounds| timed(|| l.lock().step(n, rounds)), n, param, threads)
        }
        ("parking_lot", "lock") => {
            let lock = Aligned(parking_lot::Mutex::new(guarded(n)));
            lock_cell(&lock.0, |l, f| f(&mut l.lock()), |l, n, rounds| l.lock().step(n, rounds), n, param, threads)
        }
        ("sync_channel", "chan") => {
            let (tx, rx) = mpsc::sync_channel::<u64>(capacity);
            queue_cell(tx, rx, |q, v| q.send(v).is_ok(), |q| Some(q.recv().unwrap()), n)
        }
        ("sync_channel", "try") => {
            let (tx, rx) = mpsc::sync_channel::<u64>(capacity);
            queue_cell(tx, rx, |q, v| q.try_send(v).is_ok(), |q| q.try_recv().ok(), n)
        }
        ("crossbeam", "chan") => {
            let (tx, rx) = crossbeam_channel::bounded::<u64>(capacity);
            queue_cell(tx, rx, |q, v| q.send(v).is_ok(), |q| Some(q.recv().unwrap()), n)
        }
        ("crossbeam", "try") => {
            let q = crossbeam_queue::ArrayQueue::<u64>::new(capacity);
            queue_cell(&q, &q, |q, v| q.push(v).is_ok(), |q| q.pop(), n)
        }
        ("std", "park") => park_cell(n, param != 0, || ((), thread::current()), |_| thread::park(), |t| t.unpark()),
        ("crossbeam", "park") => park_cell(
            n,
            param != 0,
            || {
                let p = crossbeam_utils::sync::Parker::new();
                let u = p.unparker().clone();
                (p, u)
            },
            |p| p.park(),
            |u| u.unpark(),
        ),
        ("std", "add") => add_cell(n, threads),
        _ => panic!("no such implementation or cell"),
    }
}
