/* watch: says when numbered pictures become complete on a screen, without asking the X server.
 *
 * In: the frame buffer file of `Xvfb -fbdir` (XWD format, mapped into memory), which the X server
 * draws into. Out, on standard output, one line for each change of what can be read:
 *
 *     place ns id left top_row right bottom_row       where a picture lies (again after a move)
 *     read ns id stream frame stream frame            the upper strip's number, then the lower's;
 *                                                     -1 -1 where no number can be read
 *     end ns looks
 *
 * Times are CLOCK_MONOTONIC. The strips are those of tests/interop/barcode.py. Never makes an X
 * request, never writes to the file, so neither the server nor a viewer notices it.
 *
 * usage: watch FILE MICROSECONDS PICTURES; ends on SIGTERM or at the end of its standard input.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { CELLS = 22, BITS = 20, MOST = 64, ROW_STEP = 4, LEAST_CELL = 4 };

/* A lost picture is looked for again at most this often: a look at the whole screen takes ms. */
static const uint64_t SCAN_PAUSE = 20000000;

static const volatile uint32_t *pixels;
static int width, height, pitch;
static volatile sig_atomic_t stopped;

struct number { int stream, frame; };
struct picture { int left, right, top, bottom; struct number upper, lower; uint64_t lost_since; };
static struct picture pictures[MOST];
static int known;

static void stop(int signal) { (void)signal; stopped = 1; }

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint32_t at(int x, int y)
{
    return x < 0 || y < 0 || x >= width || y >= height ? 0x808080 : pixels[y * pitch + x];
}

static int red(uint32_t p) { return p >> 16 & 255; }
static int green(uint32_t p) { return p >> 8 & 255; }
static int blue(uint32_t p) { return p & 255; }
static int is_magenta(uint32_t p) { return red(p) > 140 && blue(p) > 140 && green(p) < 110; }
static int is_green(uint32_t p) { return green(p) > 140 && red(p) < 110 && blue(p) < 110; }

/* Reads the strip between two columns of a row; 0 if there is none or its check is wrong. */
static int read_strip(int left, int right, int row, int lower, struct number *number)
{
    double cell = (double)(right - left) / CELLS;
    uint32_t first = at(left + (int)(cell / 2), row), last = at(right - 1 - (int)(cell / 2), row);
    *number = (struct number){-1, -1};
    if (lower ? !(is_green(first) && is_magenta(last)) : !(is_magenta(first) && is_green(last)))
        return 0;
    int code = 0;
    for (int bit = 0; bit < BITS; bit++) {
        int x = left + (int)((bit + 1.5) * cell);
        int level = green(at(x - 1, row)) + green(at(x, row)) + green(at(x + 1, row));
        code = code << 1 | (level > 3 * 127);
    }
    int frame = code >> 10, stream = code >> 6 & 15;
    if ((((frame * 37 + stream * 11 + 29) ^ (frame >> 4)) & 63) != (code & 63))
        return 0;
    *number = (struct number){stream, frame};
    return 1;
}

/* The right end of a strip whose magenta cell is left..end, or 0. */
static int right_end(int left, int end, int row)
{
    int cell = end - left;
    int x = left + (int)(21.5 * cell), slack = cell + 2;
    for (int d = 0; d <= slack; d++) {
        if (is_green(at(x + d, row))) { x += d; break; }
        if (is_green(at(x - d, row))) { x -= d; break; }
        if (d == slack) return 0;
    }
    while (x < width && is_green(at(x, row))) x++;
    double exact = (double)(x - left) / CELLS;
    return exact > cell - 2 - cell / 5.0 && exact < cell + 2 + cell / 5.0 ? x : 0;
}

/* The middle of the rows from `row` on in which the strip can be read, first to last at most
 * `rows` further down; something may be drawn over parts of it. */
static int middle(int left, int right, int row, int rows, int lower)
{
    struct number n;
    int best = row, longest = 0, begin = -1;
    for (int y = row; y <= row + rows; y++) {
        int readable = y < row + rows && read_strip(left, right, y, lower, &n);
        if (readable && begin < 0) begin = y;
        if (!readable && begin >= 0) {
            if (y - begin > longest) { longest = y - begin; best = (begin + y) / 2; }
            begin = -1;
        }
    }
    return best;
}

static struct picture *nearby(int left, int right, int top)
{
    for (int i = 0; i < known; i++) {
        struct picture *p = &pictures[i];
        if (abs(p->left - left) <= 3 && abs(p->right - right) <= 3 && abs(p->top - top) < 40)
            return p;
    }
    return NULL;
}

static void found(int left, int right, int row, int most)
{
    /* A strip is 1/15 of the height; a picture is at most as high as three quarters of twice
     * its width, so this covers it. */
    int strip = (right - left) / 8;
    int top = middle(left, right, row, strip, 0), bottom = 0;
    struct number n;
    for (int y = top + ROW_STEP; y < height && !bottom; y += ROW_STEP)
        if (read_strip(left, right, y, 1, &n)) bottom = middle(left, right, y, strip, 1);
        /* That of the picture below; this one is just being drawn. */
        else if (y > top + strip && read_strip(left, right, y, 0, &n)) return;
    if (!bottom) return;
    struct picture *p = nearby(left, right, top);
    if (p && abs(p->bottom - bottom) <= 3 && abs(p->top - top) <= 3) return;
    if (!p) {
        /* The place of a picture that moved away serves again. */
        for (int i = 0; i < known && !p; i++)
            if (pictures[i].lost_since) p = &pictures[i];
        if (!p && known < most) p = &pictures[known++];
        if (!p) return;
        p->upper = p->lower = (struct number){-2, -2};
    }
    p->left = left; p->right = right; p->top = top; p->bottom = bottom; p->lost_since = 0;
    printf("place %llu %d %d %d %d %d\n", (unsigned long long)now(), (int)(p - pictures), left,
           top, right, bottom);
}

static void scan(int most)
{
    struct number n;
    for (int y = 2; y < height; y += ROW_STEP) {
        for (int x = 0; x < width; x++) {
            if (!is_magenta(at(x, y))) continue;
            int left = x;
            while (x < width && is_magenta(at(x, y))) x++;
            if (x - left < LEAST_CELL) continue;
            int right = right_end(left, x, y);
            if (right && read_strip(left, right, y, 0, &n)) {
                struct picture *p = nearby(left, right, y);
                if (!p || p->lost_since) found(left, right, y, most);
                x = right;
            }
        }
    }
}

/* Looks at one picture; 1 if it can't be found where it was. */
static int look(struct picture *p, uint64_t t)
{
    struct number upper, lower;
    int there = read_strip(p->left, p->right, p->top, 0, &upper);
    there &= read_strip(p->left, p->right, p->bottom, 1, &lower);
    if (memcmp(&upper, &p->upper, sizeof upper) || memcmp(&lower, &p->lower, sizeof lower)) {
        p->upper = upper;
        p->lower = lower;
        printf("read %llu %d %d %d %d %d\n", (unsigned long long)t, (int)(p - pictures),
               upper.stream, upper.frame, lower.stream, lower.frame);
    }
    if (there) p->lost_since = 0;
    else if (!p->lost_since) p->lost_since = t;
    return p->lost_since && t - p->lost_since > SCAN_PAUSE;
}

static uint32_t big_endian(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Maps the frame buffer; offsets as in X11/XWDFile.h. */
static int map(const char *path)
{
    struct stat status;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &status)) return 0;
    uint8_t *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, file, 0);
    if (bytes == MAP_FAILED) return 0;
    width = (int)big_endian(bytes + 16);
    height = (int)big_endian(bytes + 20);
    pitch = (int)big_endian(bytes + 48) / 4;
    pixels = (const volatile uint32_t *)(bytes + big_endian(bytes) + 12 * big_endian(bytes + 76));
    return 1;
}

int main(int count, char **arguments)
{
    if (count != 4) { fprintf(stderr, "usage: watch FILE MICROSECONDS PICTURES\n"); return 2; }
    if (!map(arguments[1])) { perror(arguments[1]); return 1; }
    struct timespec pause = {0, atol(arguments[2]) * 1000};
    int most = atoi(arguments[3]);
    if (most < 1 || most > MOST) return 2;
    signal(SIGTERM, stop);
    prctl(PR_SET_TIMERSLACK, 1000);
    /* Needs root; without it times are as exact as the machine is idle. */
    struct sched_param first = {.sched_priority = 20};
    sched_setscheduler(0, SCHED_FIFO, &first);
    static char buffer[1 << 20];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    uint64_t looks = 0, scanned = 0, flushed = 0;
    while (!stopped) {
        uint64_t t = now();
        int lost = known < most;
        for (int i = 0; i < known; i++) lost |= look(&pictures[i], t);
        looks++;
        if (lost && t - scanned > SCAN_PAUSE) { scan(most); scanned = t; }
        if (t - flushed > 100000000) {
            struct pollfd input = {0, POLLIN, 0};
            char byte;
            if (poll(&input, 1, 0) > 0 && read(0, &byte, 1) <= 0) break;
            fflush(stdout);
            flushed = t;
        }
        nanosleep(&pause, NULL);
    }
    printf("end %llu %llu\n", (unsigned long long)now(), (unsigned long long)looks);
    return fflush(stdout) != 0;
}
