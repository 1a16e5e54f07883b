// The peers written in Go: sync.Mutex, channels and sync/atomic. Called as `program IMPLEMENTATION CELL N PARAM`, like the others; see
// c/harness.h for what it prints. Goroutines stay unpinned and the scheduler free to use both processors, which is how Go is at its best.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const chunks = 64

// Of the cells `wait`; written by who has the lock.
var longestTurn time.Duration

func cpuNs() int64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Utime.Nano() + u.Stime.Nano()
}

type meter struct {
	chunk, next uint64
	stamps      []time.Time
	cpuStart    int64
}

func newMeter(n uint64) *meter {
	chunk := n / chunks
	if chunk == 0 {
		chunk = 1
	}
	stamps := make([]time.Time, 0, chunks+1)
	return &meter{chunk: chunk, next: chunk, cpuStart: cpuNs(), stamps: append(stamps, time.Now())}
}

func (m *meter) stamp(done uint64) {
	for m.next <= done {
		m.next += m.chunk
	}
	if len(m.stamps) <= chunks {
		m.stamps = append(m.stamps, time.Now())
	}
}

func (m *meter) report(n uint64, share float64) {
	wall, cpu := time.Since(m.stamps[0]), cpuNs()-m.cpuStart
	var gaps []float64
	for i := 1; i < len(m.stamps); i++ {
		gaps = append(gaps, float64(m.stamps[i].Sub(m.stamps[i-1])))
	}
	sort.Float64s(gaps)
	first := gaps[len(gaps)/2] / float64(m.chunk)
	if longestTurn > 0 {
		first = float64(longestTurn)
	}
	fmt.Printf("%.4f %.4f %.4f %.4f\n", first, float64(wall)/float64(n), float64(cpu)/float64(n), share)
}

func work(x, rounds uint64) uint64 {
	for i := uint64(0); i < rounds; i++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}

// Runs body on count goroutines that start together.
func together(count int, body func(index int)) {
	var ready, done sync.WaitGroup
	ready.Add(count)
	done.Add(count)
	for i := 0; i < count; i++ {
		go func(index int) {
			ready.Done()
			ready.Wait()
			body(index)
			done.Done()
		}(i)
	}
	done.Wait()
}

func lockCell(n, rounds uint64, threads int, timed bool) {
	m := newMeter(n)
	// On one line, as in the other languages; the allocator starts an object of this size on one.
	s := &struct {
		lock     sync.Mutex
		count, x uint64
		meter    *meter
		_        [128 - 32]byte
	}{x: 88172645463325252, meter: m}
	done := make([]uint64, threads)
	together(threads, func(index int) {
		mine, longest, last := uint64(0), time.Duration(0), time.Now()
		for more := true; more; {
			s.lock.Lock()
			more = s.count < n
			if more {
				s.count++
				s.x = work(s.x, rounds)
				if s.count == s.meter.next {
					s.meter.stamp(s.count)
				}
				mine++
			}
			s.lock.Unlock()
			if timed {
				now := time.Now()
				if took := now.Sub(last); took > longest {
					longest = took
				}
				last = now
			}
		}
		s.lock.Lock()
		if longest > longestTurn {
			longestTurn = longest
		}
		s.lock.Unlock()
		done[index] = mine
	})
	least, sum := done[0], uint64(0)
	for _, d := range done {
		if d < least {
			least = d
		}
		sum += d
	}
	m.report(n, float64(least)*float64(threads)/float64(sum))
}

func chanCell(n, capacity uint64) {
	c := make(chan uint64, capacity)
	m := newMeter(n)
	together(2, func(index int) {
		if index == 1 {
			for i := uint64(0); i < n; i++ {
				c <- i
			}
			return
		}
		for i := uint64(0); i < n; i++ {
			if v := <-c; v != i {
				panic("a value out of order")
			}
			if i+1 == m.next {
				m.stamp(i + 1)
			}
		}
	})
	m.report(n, 1)
}

func tryCell(n, capacity uint64) {
	c := make(chan uint64, capacity)
	m := newMeter(n)
	together(2, func(index int) {
		if index == 1 {
			for i := uint64(0); i < n; {
				select {
				case c <- i:
					i++
				default:
				}
			}
			return
		}
		for i := uint64(0); i < n; {
			select {
			case v := <-c:
				if v != i {
					panic("a value out of order")
				}
				i++
				if i == m.next {
					m.stamp(i)
				}
			default:
			}
		}
	})
	m.report(n, 1)
}

func addCell(n uint64, threads int) {
	var value [16]uint64
	m := newMeter(n)
	together(threads, func(index int) {
		if index > 0 {
			for i := uint64(0); i < n; i++ {
				atomic.AddUint64(&value[0], 1)
			}
			return
		}
		for i := uint64(0); i < n; i++ {
			atomic.AddUint64(&value[0], 1)
			if i+1 == m.next {
				m.stamp(i + 1)
			}
		}
	})
	m.report(n, 1)
}

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: program IMPLEMENTATION CELL N PARAM")
		os.Exit(1)
	}
	runtime.GOMAXPROCS(2)
	cell := os.Args[2]
	n, _ := strconv.ParseUint(os.Args[3], 10, 64)
	param, _ := strconv.ParseUint(os.Args[4], 10, 64)
	threads := int(cell[len(cell)-1] - '0')
	switch cell[:len(cell)-1] {
	case "lock":
		lockCell(n, param, threads, false)
	case "wait":
		lockCell(n, param, threads, true)
	case "chan":
		chanCell(n, param)
	case "try":
		tryCell(n, param)
	case "add":
		addCell(n, threads)
	default:
		fmt.Fprintln(os.Stderr, "no such cell")
		os.Exit(1)
	}
}
