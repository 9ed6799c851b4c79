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
     */
    public function __construct(
        public readonly int $status,
        public readonly string $type,
        string $message,
        public readonly array $errors = [],
        public readonly ?int $retryAfter = null,
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
 * a pause. It has the same Idempotency-Key each time, and so is done once.
 */
class LeadApi
{
    private const TEMPORARY = [0, 429, 502, 503, 504];

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
     */
    public function __construct(
        private string $url,
        private string $token,
        private int $attempts = 5,
        private float $firstPause = 0.5,
        private float $maxPause = 120,
        private float $timeout = 60,
        private string $language = 'en',
        private ?Closure $sleep = null,
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
     * A wrong lead harms no other lead: look at the status of each result.
     */
    public function createLeads(array $leads, bool $atomic = false, int $size = 1000): array
    {
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
            ), 'atomic' => $atomic];
            try {
                $answer = $this->send('POST', '/api/v1/leads', [], $body);
                $some = $answer->data['results'];
            } catch (LeadApiError $error) {
                if ($error->status !== 413 || $atomic || count($part) === 1) {
                    throw $error;
                }
                $some = $this->createLeads($part, $atomic, intdiv(count($part) + 1, 2));
            }
            foreach ($some as $result) {
                $results[] = ['index' => count($results)] + $result;
            }
        }
        return $results;
    }

    /** Read the items of a list, page by page: /api/v1/leads, or /api/v1/ref/<list>. */
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

    /**
     * Send a request that writes, by a key of its own unless you name one.
     *
     * @param ?string $ifMatch the header ETag of the lead as you know it
     */
    public function write(
        string $method,
        string $path,
        array $body,
        array $query = [],
        ?string $key = null,
        ?string $ifMatch = null,
    ): LeadApiAnswer {
        $headers = ['Idempotency-Key' => $key ?? bin2hex(random_bytes(16))];
        if ($ifMatch !== null) {
            $headers['If-Match'] = $ifMatch;
        }
        return $this->send($method, $path, $query, $body, $headers);
    }

    /**
     * Send a request to any address of the API, again after each temporary failure.
     *
     * @throws LeadApiError the API refuses it, or does not answer
     */
    public function send(
        string $method,
        string $path,
        array $query = [],
        ?array $body = null,
        array $headers = [],
    ): LeadApiAnswer {
        for ($attempt = 1; ; $attempt++) {
            try {
                return $this->sendOnce($method, $path, $query, $body, $headers);
            } catch (LeadApiError $error) {
                $asked = $error->retryAfter ?? 0;
                $isTemporary = in_array($error->status, self::TEMPORARY, true);
                if (!$isTemporary || $attempt >= $this->attempts || $asked > $this->maxPause) {
                    throw $error;
                }
                $longest = min($this->firstPause * 2 ** ($attempt - 1), $this->maxPause);
                ($this->sleep)(max($longest * mt_rand() / mt_getrandmax(), $asked));
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
        if ($body !== null) {
            // An object, even if it is empty
            $json = json_encode((object) $body, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
            curl_setopt($connection, CURLOPT_POSTFIELDS, $json);
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
        );
    }

    /** Return the key of a ticket's lead: the same whenever the lead is sent. */
    public static function makeTicketKey(int|string|null $ticket): string
    {
        $kept = ['%21' => '!', '%2A' => '*', '%27' => "'", '%28' => '(', '%29' => ')'];
        $key = 'ticket-' . strtr(rawurlencode(trim((string) $ticket)), $kept);
        return $ticket !== null && strlen($key) <= 255 ? $key : bin2hex(random_bytes(16));
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
