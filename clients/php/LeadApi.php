<?php
// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

declare(strict_types=1);

/** The lead API refuses a request, or does not answer. */
class LeadApiError extends RuntimeException
{
    /**
     * @param int $status of HTTP; 0: there was no answer, or no whole one
     * @param string $type the kind of error, such as "validation"
     * @param array $errors of a 422: field, code and message of each wrong attribute
     * @param ?int $retryAfter seconds to wait before the request is sent again
     * @param array $body the whole answer, if it is JSON
     */
    public function __construct(
        public readonly int $status,
        public readonly string $type,
        string $message,
        public readonly array $errors = [],
        public readonly ?int $retryAfter = null,
        public readonly array $body = [],
    ) {
        parent::__construct($message);
    }
}

/** Hold the data of an answer, and its headers, whose names have small letters. */
class LeadApiAnswer
{
    public function __construct(
        public readonly mixed $data,
        public readonly array $headers,
    ) {
    }
}

/**
 * Put leads into Odoo: a sample to copy, with PHP 8.1 or later and its extension curl.
 *
 * A request without an answer, or with an answer such as "too busy", is sent again after
 * a pause. It has the same Idempotency-Key each time, and so is done once. Methods have the
 * names of the operations in the OpenAPI document. Each takes the attributes of the API as
 * an array; of those that write, $key is the Idempotency-Key, else a new one, and $ifMatch
 * the header ETag of what is changed, as you know it.
 */
class LeadApi
{
    private const TEMPORARY = [0, 429, 502, 503, 504];
    private const WRONG_TOKENS = 'wrong_tokens'; // waiting makes no token right

    /**
     * @param string $url of Odoo, such as https://odoo.example.com
     * @param string $token of the client
     * @param int $attempts how often a request is sent at most
     * @param float $firstPause the longest first pause, in seconds; pauses grow twofold
     * @param float $maxPause the longest pause; if an answer asks for a longer pause, the
     *     request fails at once
     * @param float $timeout how long an answer may take, in seconds
     * @param string $language of messages, "en" or "vi"
     * @param ?Closure $sleep waits for some seconds
     * @param ?string $database the name of the database, on a server with several
     */
    public function __construct(
        private string $url,
        private string $token,
        private int $attempts = 8,
        private float $firstPause = 0.5,
        private float $maxPause = 120,
        private float $timeout = 60,
        private string $language = 'en',
        private ?Closure $sleep = null,
        private ?string $database = null,
    ) {
        $this->sleep ??= fn (float $seconds) => usleep((int) ($seconds * 1e6));
    }

    /** Make a lead. Without a key its key comes from the ticket, which has one lead. */
    public function createLead(array $lead, ?string $key = null): LeadApiAnswer
    {
        $key ??= self::makeTicketKey($lead['ticket_id'] ?? null);
        return $this->send('POST', '/api/v1/lead', [], $lead, ['Idempotency-Key' => $key]);
    }

    /**
     * Make many leads, in as many requests as it takes, and return a result for each.
     *
     * A wrong lead harms no other lead: look at the status of each result. Quiet is for
     * imports: without creation notes, notices and planned calls.
     */
    public function createLeads(
        array $leads, bool $atomic = false, ?int $size = null, bool $quiet = false,
    ): array {
        $size ??= $atomic ? 1000 : 200;
        if ($atomic && count($leads) > $size) {
            throw new ValueError("All or none: that takes $size leads at most.");
        }
        $results = [];
        foreach (array_chunk($leads, $size) as $part) {
            $body = ['leads' => array_map(
                fn ($lead) => $lead + [
                    'idempotency_key' => self::makeTicketKey($lead['ticket_id'] ?? null),
                ],
                $part,
            ), 'atomic' => $atomic] + ($quiet ? ['quiet' => true] : []);
            try {
                $answer = $this->send('POST', '/api/v1/leads', [], $body);
                $some = $answer->data['results'];
            } catch (LeadApiError $error) {
                if ($error->status !== 413 || $atomic || count($part) === 1) {
                    throw $error;
                }
                $some = $this->createLeads($part, $atomic, intdiv(count($part) + 1, 2), $quiet);
            }
            foreach ($some as $result) {
                $results[] = ['index' => count($results)] + $result;
            }
        }
        return $results;
    }

    /** Tell what a lead would make, and save nothing. */
    public function checkLead(array $lead): LeadApiAnswer
    {
        return $this->send('POST', '/api/v1/lead', ['dry_run' => 1], $lead);
    }

    /** Change the open lead of the lead's ticket, or make a lead. */
    public function putLead(
        array $lead, ?string $key = null, ?string $ifMatch = null, bool $dryRun = false,
    ): LeadApiAnswer {
        return $this->write('PUT', '/api/v1/lead', $lead, [], $key, $ifMatch, $dryRun);
    }

    /** Change a lead: only the attributes that are sent; null empties one. */
    public function changeLead(
        int $id, array $change, ?string $key = null, ?string $ifMatch = null, bool $dryRun = false,
    ): LeadApiAnswer {
        $path = "/api/v1/lead/$id";
        return $this->write('PATCH', $path, $change, [], $key, $ifMatch, $dryRun);
    }

    /** Change the open lead of a ticket. */
    public function changeLeadOfTicket(
        int|string $ticket,
        array $change,
        ?string $key = null,
        ?string $ifMatch = null,
        bool $dryRun = false,
    ): LeadApiAnswer {
        $query = ['ticket_id' => $ticket];
        return $this->write('PATCH', '/api/v1/lead', $change, $query, $key, $ifMatch, $dryRun);
    }

    /** Put a note into the chatter of a lead. */
    public function createNote(
        int $id, array $note, ?string $key = null, bool $dryRun = false,
    ): LeadApiAnswer {
        $path = "/api/v1/lead/$id/notes";
        return $this->write('POST', $path, $note, [], $key, dryRun: $dryRun);
    }

    /** Put a note into the chatter of a ticket's lead. */
    public function createNoteOfTicket(
        int|string $ticket, array $note, ?string $key = null, bool $dryRun = false,
    ): LeadApiAnswer {
        $query = ['ticket_id' => $ticket];
        return $this->write('POST', '/api/v1/lead/notes', $note, $query, $key, dryRun: $dryRun);
    }

    /** Read a lead as it is now. */
    public function readLead(int $id): LeadApiAnswer
    {
        return $this->send('GET', "/api/v1/lead/$id");
    }

    /** Read the leads of a ticket. */
    public function readTicket(int|string $ticket): LeadApiAnswer
    {
        return $this->send('GET', '/api/v1/lead', ['ticket_id' => $ticket]);
    }

    /** Read the leads that have changed, page by page, such as since updated_since. */
    public function readLeads(array $query = []): Generator
    {
        return $this->readPages('/api/v1/leads', $query);
    }

    /** Look up who is calling, by phone and agent_email. */
    public function readCustomers(array $query): LeadApiAnswer
    {
        if (is_array($query['include'] ?? null)) {
            $query['include'] = implode(',', $query['include']);
        }
        return $this->send('GET', '/api/v1/customers', $query);
    }

    /** Make a phone call, or change it: send what is new; null empties. */
    public function putPhoneCall(
        string $callId,
        array $call,
        ?string $key = null,
        ?string $ifMatch = null,
        bool $dryRun = false,
    ): LeadApiAnswer {
        $path = self::makePath('phone-calls', $callId);
        return $this->write('PUT', $path, $call, [], $key, $ifMatch, $dryRun);
    }

    /** Read a phone call as it is now. */
    public function readPhoneCall(string $callId): LeadApiAnswer
    {
        return $this->send('GET', self::makePath('phone-calls', $callId));
    }

    /** Read the calls of ticket_id or phone, or since updated_since, page by page. */
    public function readPhoneCalls(array $query = []): Generator
    {
        return $this->readPages('/api/v1/phone-calls', $query);
    }

    /**
     * Send the recording of a phone call that has been made.
     *
     * @param string $sound the bytes of the file
     * @param string $mediaType of the file, such as audio/mpeg
     */
    public function putRecording(
        string $callId, string $sound, string $mediaType, ?string $key = null,
    ): LeadApiAnswer {
        $headers = ['Idempotency-Key' => $key ?? self::makeKey(), 'Content-Type' => $mediaType];
        $path = self::makePath('phone-calls', $callId, 'recording');
        return $this->send('PUT', $path, [], $sound, $headers);
    }

    /** Read the recording of a phone call, and return its bytes. */
    public function readRecording(string $callId): string
    {
        return $this->send('GET', self::makePath('phone-calls', $callId, 'recording'))->data;
    }

    /** Read the free starts of a branch: company_id, crm_line_ids, from, to. */
    public function readSlots(array $query): LeadApiAnswer
    {
        return $this->send('GET', '/api/v1/slots', $query);
    }

    /** Read the price of services: company_id, price_list_id, crm_line_ids. */
    public function readQuote(array $query): LeadApiAnswer
    {
        return $this->send('GET', '/api/v1/quote', $query);
    }

    /** Make a booking for id_lead or ticket_id, or with its lead. */
    public function createBooking(array $booking, ?string $key = null): LeadApiAnswer
    {
        return $this->write('POST', '/api/v1/bookings', $booking, [], $key);
    }

    /** Tell which booking would be made, and save nothing. */
    public function checkBooking(array $booking): LeadApiAnswer
    {
        return $this->send('POST', '/api/v1/bookings', ['dry_run' => 1], $booking);
    }

    /** Read a booking, by its id or code, as it is now. */
    public function readBooking(int|string $booking): LeadApiAnswer
    {
        return $this->send('GET', self::makePath('bookings', $booking));
    }

    /** Read bookings, such as of ticket_id, or company_id and day, page by page. */
    public function readBookings(array $query = []): Generator
    {
        return $this->readPages('/api/v1/bookings', $query);
    }

    /** Move, change, confirm or cancel a booking, by its id or code: send what changes. */
    public function changeBooking(
        int|string $booking, array $change, ?string $key = null, ?string $ifMatch = null,
    ): LeadApiAnswer {
        $path = self::makePath('bookings', $booking);
        return $this->write('PATCH', $path, $change, [], $key, $ifMatch);
    }

    /** Read the name of the token's client, its rights, defaults and limits. */
    public function readMe(): LeadApiAnswer
    {
        return $this->send('GET', '/api/v1/me');
    }

    /** Read the names of the reference lists. */
    public function readLists(): LeadApiAnswer
    {
        return $this->send('GET', '/api/v1/ref');
    }

    /** Read the records of a reference list, page by page. */
    public function readList(string $name, array $query = []): Generator
    {
        return $this->readPages(self::makePath('ref', $name), $query);
    }

    private static function makePath(int|string ...$names): string
    {
        return '/api/v1/' . implode('/', array_map('rawurlencode', $names));
    }

    private static function makeKey(): string
    {
        return bin2hex(random_bytes(16));
    }

    /** Read the items at an address, page by page. */
    public function readPages(string $path, array $query = []): Generator
    {
        do {
            $page = $this->send('GET', $path, $query)->data;
            foreach ($page['items'] as $item) {
                yield $item;
            }
            $query['cursor'] = $page['next_cursor'] ?? null;
        } while ($query['cursor'] !== null);
    }

    /** Send a request that writes, by a key of its own unless you name one. */
    public function write(
        string $method,
        string $path,
        array $body,
        array $query = [],
        ?string $key = null,
        ?string $ifMatch = null,
        bool $dryRun = false,
    ): LeadApiAnswer {
        $headers = ['Idempotency-Key' => $key ?? self::makeKey()];
        if ($ifMatch !== null) {
            $headers['If-Match'] = $ifMatch;
        }
        if ($dryRun) {
            $query['dry_run'] = 1;
        }
        return $this->send($method, $path, $query, $body, $headers);
    }

    /**
     * Send a request to any address of the API, again after each temporary failure.
     *
     * @param array|string|null $body sent in JSON; or bytes, with their Content-Type
     * @throws LeadApiError the API refuses it, or does not answer
     */
    public function send(
        string $method,
        string $path,
        array $query = [],
        array|string|null $body = null,
        array $headers = [],
    ): LeadApiAnswer {
        for ($attempt = 1; ; $attempt++) {
            try {
                return $this->sendOnce($method, $path, $query, $body, $headers);
            } catch (LeadApiError $error) {
                $asked = $error->retryAfter ?? 0;
                $isTemporary = in_array($error->status, self::TEMPORARY, true)
                    && $error->type !== self::WRONG_TOKENS;
                if (!$isTemporary || $attempt >= $this->attempts || $asked > $this->maxPause) {
                    throw $error;
                }
                $longest = min($this->firstPause * 2 ** ($attempt - 1), $this->maxPause);
                $pause = $longest / 2 * (1 + mt_rand() / mt_getrandmax());
                ($this->sleep)(max($pause, $asked));
            }
        }
    }

    private function sendOnce($method, $path, $query, $body, $headers): LeadApiAnswer
    {
        $url = rtrim($this->url, '/') . $path;
        if ($query) {
            // A list as a parameter for each item, without PHP's brackets
            $text = http_build_query($query, '', '&', PHP_QUERY_RFC3986);
            $url .= '?' . preg_replace('/%5B\d+%5D=/', '=', $text);
        }
        $received = [];
        $headers += [
            'Authorization' => "Bearer $this->token",
            'Accept-Language' => $this->language,
            'Content-Type' => 'application/json',
            'Expect' => '',
        ];
        if ($this->database !== null) {
            $headers['X-Odoo-Database'] = $this->database;
        }
        $connection = curl_init($url);
        curl_setopt_array($connection, [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT_MS => (int) ($this->timeout * 1000),
            CURLOPT_HTTPHEADER => array_map(
                fn ($name, $value) => "$name: $value",
                array_keys($headers),
                $headers,
            ),
            CURLOPT_HEADERFUNCTION => function ($connection, $line) use (&$received) {
                $pair = explode(':', $line, 2);
                if (count($pair) === 2) {
                    $received[strtolower($pair[0])] = trim($pair[1]);
                }
                return strlen($line);
            },
        ]);
        if (is_array($body)) {
            // An object, even if it is empty
            $body = json_encode((object) $body, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
        }
        if ($body !== null) {
            curl_setopt($connection, CURLOPT_POSTFIELDS, $body);
        }
        $text = curl_exec($connection);
        if ($text === false) {
            throw new LeadApiError(0, 'connection', curl_error($connection));
        }
        $status = curl_getinfo($connection, CURLINFO_RESPONSE_CODE);
        if (isset($received['deprecation'])) {
            $end = $received['sunset'] ?? 'a day that is not known yet';
            $warning = "$method $path is deprecated, and ends on $end.";
            trigger_error($warning, E_USER_DEPRECATED);
        }
        return self::parse($status, $received, $text);
    }

    private static function parse(int $status, array $headers, string $text): LeadApiAnswer
    {
        $isSuccess = $status >= 200 && $status < 300;
        if ($isSuccess && str_starts_with($headers['content-type'] ?? '', 'audio/')) {
            return new LeadApiAnswer($text, $headers);
        }
        $pause = $headers['retry-after'] ?? '';
        $retryAfter = ctype_digit($pause) ? (int) $pause : null;
        $answer = json_decode($text, true);
        if (!is_array($answer)) {
            // A page of a proxy in front of Odoo, another address, or a part of an answer
            $message = $status >= 300 && $status < 400
                ? 'Use the address ' . ($headers['location'] ?? '') . ' instead.'
                : 'The answer is not in JSON.';
            throw new LeadApiError($isSuccess ? 0 : $status, 'http', $message, [], $retryAfter);
        }
        if ($isSuccess && array_key_exists('data', $answer)) {
            return new LeadApiAnswer($answer['data'], $headers);
        }
        throw new LeadApiError(
            $status,
            $answer['type'] ?? 'http',
            $answer['message'] ?? 'This is no answer of the lead API.',
            $answer['errors'] ?? [],
            $retryAfter,
            $answer,
        );
    }

    /** Return the key of a ticket's lead: the same whenever the lead is sent. */
    public static function makeTicketKey(int|string|null $ticket): string
    {
        $kept = ['%21' => '!', '%2A' => '*', '%27' => "'", '%28' => '(', '%29' => ')'];
        $key = 'ticket-' . strtr(rawurlencode(trim((string) $ticket)), $kept);
        return $ticket !== null && strlen($key) <= 255 ? $key : self::makeKey();
    }

    /**
     * Return an event, if it is genuine and new; it is signed as Standard Webhooks says.
     *
     * @param string $secret the client's Signing Secret
     * @param array $headers of the request, by their names
     * @param string $body of the request, unchanged: file_get_contents('php://input')
     * @throws UnexpectedValueException the signature is wrong, or older than five minutes
     */
    public static function readEvent(string $secret, array $headers, string $body): array
    {
        $headers = array_change_key_case($headers);
        $id = $headers['webhook-id'] ?? '';
        $timestamp = $headers['webhook-timestamp'] ?? '';
        $key = base64_decode(preg_replace('/^whsec_/', '', $secret), true);
        if ($key === false || $key === '') {
            throw new ValueError('The signing secret is no base64.');
        }
        if (!ctype_digit($timestamp) || abs(time() - (int) $timestamp) > 5 * 60) {
            throw new UnexpectedValueException('The event is too old, or has no time.');
        }
        $digest = base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
        foreach (explode(' ', $headers['webhook-signature'] ?? '') as $signature) {
            if (hash_equals("v1,$digest", $signature)) {
                return json_decode($body, true, flags: JSON_THROW_ON_ERROR);
            }
        }
        throw new UnexpectedValueException('The signature is wrong.');
    }
}
