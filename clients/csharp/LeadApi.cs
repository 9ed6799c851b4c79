// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

// C# 7 has no annotations of null.
#pragma warning disable CS8600, CS8601, CS8602, CS8603, CS8604, CS8606, CS8625

using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Tasks;

namespace CrmLeadApi
{
    /// <summary>
    /// Put leads into Odoo: a sample to copy, for .NET Framework 4.7.2 or later, .NET and
    /// Mono, without other packages. Use one object for all requests.
    /// </summary>
    /// <remarks>
    /// A request without an answer, or with an answer such as "too busy", is sent again
    /// after a pause. It has the same Idempotency-Key each time, and so is done once.
    /// </remarks>
    public sealed partial class LeadApi : IDisposable
    {
        private static readonly int[] Temporary = { 0, 429, 502, 503, 504 };
        private const string WrongTokens = "wrong_tokens"; // waiting makes no token right

        private readonly string url;
        private readonly int attempts;
        private readonly double firstPause;
        private readonly double maxPause;
        private readonly Func<TimeSpan, Task> sleep;
        private readonly HttpClient client;

        /// <param name="url">of Odoo, such as https://odoo.example.com</param>
        /// <param name="token">of the client</param>
        /// <param name="attempts">how often a request is sent at most</param>
        /// <param name="firstPause">the longest first pause, in seconds; pauses grow
        /// twofold</param>
        /// <param name="maxPause">the longest pause; if an answer asks for a longer pause,
        /// the request fails at once</param>
        /// <param name="timeout">how long an answer may take, in seconds</param>
        /// <param name="language">of messages, "en" or "vi"</param>
        /// <param name="sleep">waits for some time</param>
        /// <param name="database">the name of the database, on a server with several</param>
        public LeadApi(
            string url,
            string token,
            int attempts = 8,
            double firstPause = 0.5,
            double maxPause = 120,
            double timeout = 60,
            string language = "en",
            Func<TimeSpan, Task> sleep = null,
            string database = null)
        {
            this.url = url.TrimEnd('/');
            this.attempts = attempts;
            this.firstPause = firstPause;
            this.maxPause = maxPause;
            this.sleep = sleep ?? Task.Delay;
            // After a redirect a POST would be a GET.
            client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
            {
                Timeout = TimeSpan.FromSeconds(timeout),
            };
            var headers = client.DefaultRequestHeaders;
            headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            headers.AcceptLanguage.ParseAdd(language);
            headers.ExpectContinue = false;
            if (database != null)
                headers.Add("X-Odoo-Database", database);
        }

        public void Dispose() => client.Dispose();

        /// <summary>
        /// Make a lead. Without a key its key comes from the ticket, which has one lead.
        /// </summary>
        public Task<LeadApiAnswer> CreateLeadAsync(
            IDictionary<string, object> lead, string key = null) =>
            WriteAsync("POST", "/api/v1/lead", lead, key: key ?? MakeTicketKey(lead));

        /// <summary>
        /// Make many leads, in as many requests as it takes, and return a result for each.
        /// A wrong lead harms no other lead: look at the status of each result. Quiet is
        /// for imports: without creation notes, notices and planned calls.
        /// </summary>
        public async Task<List<IDictionary<string, object>>> CreateLeadsAsync(
            IReadOnlyCollection<IDictionary<string, object>> leads,
            bool atomic = false,
            int? size = null,
            bool quiet = false)
        {
            var most = size ?? (atomic ? 1000 : 200);
            if (atomic && leads.Count > most)
                throw new ArgumentException($"All or none: that takes {most} leads at most.");
            var results = new List<IDictionary<string, object>>();
            for (var start = 0; start < leads.Count; start += most)
            {
                var part = leads.Skip(start).Take(most).ToList();
                var made = CreatePartAsync(part, atomic, quiet);
                foreach (var result in await made.ConfigureAwait(false))
                {
                    result["index"] = results.Count;
                    results.Add(result);
                }
            }
            return results;
        }

        private async Task<IEnumerable<IDictionary<string, object>>> CreatePartAsync(
            List<IDictionary<string, object>> leads, bool atomic, bool quiet)
        {
            var body = new Dictionary<string, object>
            {
                ["leads"] = leads.Select(AddKey),
                ["atomic"] = atomic,
            };
            if (quiet)
                body["quiet"] = true;
            try
            {
                var answer = await SendAsync("POST", "/api/v1/leads", body: body)
                    .ConfigureAwait(false);
                return ((IEnumerable)answer.Data["results"])
                    .Cast<IDictionary<string, object>>();
            }
            catch (LeadApiException error)
                when (error.Status == 413 && !atomic && leads.Count > 1)
            {
                var half = (leads.Count + 1) / 2;
                return await CreateLeadsAsync(leads, size: half, quiet: quiet)
                    .ConfigureAwait(false);
            }
        }

        private static IDictionary<string, object> AddKey(IDictionary<string, object> lead)
        {
            if (lead.ContainsKey("idempotency_key"))
                return lead;
            return new Dictionary<string, object>(lead)
            {
                ["idempotency_key"] = MakeTicketKey(lead),
            };
        }

        /// <summary>Use each item at an address, page by page.</summary>
        public async Task ReadPagesAsync(
            string path,
            IDictionary<string, object> query,
            Func<IDictionary<string, object>, Task> use)
        {
            query = new Dictionary<string, object>(query);
            do
            {
                var page = await SendAsync("GET", path, query).ConfigureAwait(false);
                foreach (IDictionary<string, object> item in (IEnumerable)page.Data["items"])
                    await use(item).ConfigureAwait(false);
                query["cursor"] = LeadApiJson.Get(page.Data, "next_cursor");
            }
            while (query["cursor"] != null);
        }

        /// <summary>
        /// Send a request that writes, by a key of its own unless you name one.
        /// </summary>
        public Task<LeadApiAnswer> WriteAsync(
            string method,
            string path,
            IDictionary<string, object> body,
            IDictionary<string, object> query = null,
            string key = null,
            string ifMatch = null,
            bool dryRun = false)
        {
            var headers = new Dictionary<string, string>
            {
                ["Idempotency-Key"] = key ?? MakeKey(),
            };
            if (ifMatch != null)
                headers["If-Match"] = ifMatch;
            if (dryRun)
            {
                query = new Dictionary<string, object>(query ?? new Dictionary<string, object>())
                {
                    ["dry_run"] = 1,
                };
            }
            return SendAsync(method, path, query, body, headers);
        }

        /// <summary>
        /// Send a request to any address of the API, again after each temporary failure.
        /// </summary>
        /// <exception cref="LeadApiException">the API refuses it, or does not answer
        /// </exception>
        public Task<LeadApiAnswer> SendAsync(
            string method,
            string path,
            IDictionary<string, object> query = null,
            IDictionary<string, object> body = null,
            IDictionary<string, string> headers = null)
        {
            if (body == null)
                return SendBytesAsync(method, path, query, null, headers);
            headers = new Dictionary<string, string>(headers ?? new Dictionary<string, string>())
            {
                ["Content-Type"] = "application/json; charset=utf-8",
            };
            var bytes = Encoding.UTF8.GetBytes(LeadApiJson.Write(body));
            return SendBytesAsync(method, path, query, bytes, headers);
        }

        private async Task<LeadApiAnswer> SendBytesAsync(
            string method,
            string path,
            IDictionary<string, object> query,
            byte[] body,
            IDictionary<string, string> headers)
        {
            for (var attempt = 1; ; attempt++)
            {
                double pause;
                try
                {
                    return await SendOnceAsync(method, path, query, body, headers)
                        .ConfigureAwait(false);
                }
                catch (LeadApiException error)
                    when (Temporary.Contains(error.Status)
                        && error.Type != WrongTokens
                        && attempt < attempts
                        && !(error.RetryAfter > maxPause))
                {
                    var longest = Math.Min(firstPause * Math.Pow(2, attempt - 1), maxPause);
                    // Clients that start at the same moment have different pauses.
                    var random = new Random(Guid.NewGuid().GetHashCode());
                    pause = longest / 2 * (1 + random.NextDouble());
                    pause = Math.Max(pause, error.RetryAfter ?? 0);
                }
                await sleep(TimeSpan.FromSeconds(pause)).ConfigureAwait(false);
            }
        }

        private async Task<LeadApiAnswer> SendOnceAsync(
            string method,
            string path,
            IDictionary<string, object> query,
            byte[] body,
            IDictionary<string, string> headers)
        {
            var request = new HttpRequestMessage(
                new HttpMethod(method), url + path + WriteQuery(query));
            if (body != null)
                request.Content = new ByteArrayContent(body);
            foreach (var header in headers ?? new Dictionary<string, string>())
            {
                if (!request.Headers.TryAddWithoutValidation(header.Key, header.Value))
                    request.Content.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
            try
            {
                using (request)
                using (var response = await client.SendAsync(request).ConfigureAwait(false))
                {
                    var bytes = await response.Content.ReadAsByteArrayAsync()
                        .ConfigureAwait(false);
                    if (response.Headers.Contains("Deprecation"))
                        WarnOfEnd($"{method} {path}", response);
                    return LeadApiAnswer.Parse(response, bytes);
                }
            }
            catch (Exception error)
                when (error is HttpRequestException
                    || error is OperationCanceledException // the timeout
                    || error is IOException)
            {
                throw new LeadApiException(0, "connection", error.Message, inner: error);
            }
        }

        private static void WarnOfEnd(string address, HttpResponseMessage response)
        {
            var end = response.Headers.TryGetValues("Sunset", out var values)
                ? values.First()
                : "a day that is not known yet";
            Trace.TraceWarning($"{address} is deprecated, and ends on {end}.");
        }

        private static string WriteQuery(IDictionary<string, object> query)
        {
            var pairs =
                from parameter in query ?? new Dictionary<string, object>()
                from item in ListItems(parameter.Value)
                let value = Convert.ToString(item, CultureInfo.InvariantCulture)
                select Uri.EscapeDataString(parameter.Key) + "=" + Uri.EscapeDataString(value);
            var all = string.Join("&", pairs);
            return all == "" ? "" : "?" + all;
        }

        // A list is a parameter for each item, null is no parameter.
        private static IEnumerable<object> ListItems(object value)
        {
            if (value is IEnumerable items && !(value is string))
                return items.Cast<object>();
            return value == null ? new object[0] : new[] { value };
        }

        /// <summary>
        /// Return the key of a ticket's lead: the same whenever the lead is sent.
        /// </summary>
        public static string MakeTicketKey(IDictionary<string, object> lead)
        {
            var ticket = LeadApiJson.Get(lead, "ticket_id");
            var text = Convert.ToString(ticket, CultureInfo.InvariantCulture).Trim();
            if (ticket != null && text.Length <= 255)
            {
                var key = new StringBuilder("ticket-" + Uri.EscapeDataString(text))
                    .Replace("%21", "!")
                    .Replace("%2A", "*")
                    .Replace("%27", "'")
                    .Replace("%28", "(")
                    .Replace("%29", ")");
                if (key.Length <= 255)
                    return key.ToString();
            }
            return MakeKey();
        }

        private static string MakeKey() => Guid.NewGuid().ToString("N");
    }
}
