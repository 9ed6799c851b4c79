// Copyright 2026 crm_lead_api maintainers
// License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

// C# 7 has no annotations of null.
#pragma warning disable CS8600, CS8601, CS8602, CS8603, CS8604, CS8606, CS8625

using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text;

namespace CrmLeadApi
{
    /// <summary>The lead API refuses a request, or does not answer.</summary>
    public class LeadApiException : Exception
    {
        public LeadApiException(
            int status,
            string type,
            string message,
            IEnumerable errors = null,
            double? retryAfter = null,
            Exception inner = null,
            IDictionary<string, object> body = null)
            : base(message, inner)
        {
            Body = body ?? new Dictionary<string, object>();
            Status = status;
            Type = type;
            RetryAfter = retryAfter;
            Errors = (errors ?? Array.Empty<object>())
                .Cast<IDictionary<string, object>>()
                .ToList();
        }

        /// <summary>Of HTTP; 0: there was no answer, or no whole one.</summary>
        public int Status { get; }

        /// <summary>The kind of error, such as "validation".</summary>
        public string Type { get; }

        /// <summary>Of a 422: field, code and message of each wrong attribute.</summary>
        public IReadOnlyList<IDictionary<string, object>> Errors { get; }

        /// <summary>The whole answer, if it is JSON.</summary>
        public IDictionary<string, object> Body { get; }

        /// <summary>Seconds to wait before the request is sent again.</summary>
        public double? RetryAfter { get; }
    }

    /// <summary>Hold the data of an answer, and its headers.</summary>
    public class LeadApiAnswer
    {
        private LeadApiAnswer(
            IDictionary<string, object> data, byte[] sound, HttpResponseMessage response)
        {
            Data = data;
            Sound = sound;
            Headers = ReadHeaders(response);
        }

        public IDictionary<string, object> Data { get; }

        /// <summary>The bytes of a recording, which has no data.</summary>
        public byte[] Sound { get; }

        /// <summary>By their names, in which capital letters make no difference.</summary>
        public IDictionary<string, string> Headers { get; }

        internal static LeadApiAnswer Parse(HttpResponseMessage response, byte[] bytes)
        {
            var status = (int)response.StatusCode;
            var type = response.Content.Headers.ContentType?.MediaType ?? "";
            if (response.IsSuccessStatusCode && type.StartsWith("audio/"))
                return new LeadApiAnswer(null, bytes, response);
            var pause = response.Headers.RetryAfter?.Delta?.TotalSeconds;
            var text = Encoding.UTF8.GetString(bytes);
            if (!(LeadApiJson.TryRead(text) is IDictionary<string, object> answer))
            {
                // A page of a proxy in front of Odoo, another address, or a part of an answer
                var message = status >= 300 && status < 400
                    ? $"Use the address {response.Headers.Location} instead."
                    : "The answer is not in JSON.";
                var known = response.IsSuccessStatusCode ? 0 : status;
                throw new LeadApiException(known, "http", message, retryAfter: pause);
            }
            if (response.IsSuccessStatusCode
                && LeadApiJson.Get(answer, "data") is IDictionary<string, object> data)
            {
                return new LeadApiAnswer(data, null, response);
            }
            throw new LeadApiException(
                status,
                LeadApiJson.Get(answer, "type") as string ?? "http",
                LeadApiJson.Get(answer, "message") as string
                    ?? "This is no answer of the lead API.",
                LeadApiJson.Get(answer, "errors") as IEnumerable,
                pause,
                body: answer);
        }

        private static IDictionary<string, string> ReadHeaders(HttpResponseMessage response) =>
            response.Headers.Concat(response.Content.Headers).ToDictionary(
                header => header.Key,
                header => string.Join(", ", header.Value),
                StringComparer.OrdinalIgnoreCase);
    }
}
