using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Text;
using static PatientResponse.Infrastructure.Languages.Words;

namespace PatientResponse.Features.UploadReply;

/// <summary>What came in with one POST of the reply form.</summary>
/// <param name="TypedAt">As <see cref="ReplyDraft.TypedAt"/>.</param>
/// <param name="Digest">Of the text, the proxy and the files as they were sent.</param>
public sealed record ReceivedReply(
    bool IsFromOurForm, string Text, long TypedAt, string Action, IReadOnlyList<ReplyFile> Files, IReadOnlyList<RefusedFile> Refused, string Digest, Proxy? Proxy);

/// <summary>Reads the multipart form as it arrives: the antiforgery token first, then the text, then each file straight into
/// the encrypted store. Nothing is buffered whole, nothing is plain on disk. The words come before anything that may fail.</summary>
public sealed class ReplyFormReader(IAntiforgery antiforgery, FileIntake intake, FilesInFlight inFlight) : IDisposable
{
    /// <summary>In bytes. Far above what is accepted, so that a text that is too long can still be shown back; what is longer is cut.</summary>
    private const int MaxFieldBytes = 256 * 1024;

    /// <summary>In characters (RFC 2046, section 5.1.1).</summary>
    private const int MaxBoundary = 70;

    /// <summary>Of files that are refused by name: no person picks so many, and the page has to stay readable.</summary>
    private const int MaxRefused = 25;

    /// <summary>Our form has eight.</summary>
    private const int MaxFields = 50;

    /// <summary>Fields and files together. Whoever picks all photos of a phone by mistake gets an answer; each part costs work, however small.</summary>
    private const int MaxParts = 200;

    private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<ReplyFile> _files = [];
    private readonly List<RefusedFile> _refused = [];
    private int _parts;
    private int _fields;
    private int _reserved;
    private MultipartReader? _reader;
    private MultipartSection? _firstFile;
    private FileStoreUnavailableException? _storeFailure;
    private readonly List<string> _tokens = [];
    private bool _mayFail;
    private bool _isFromOurForm;
    private bool _hasLostFile;
    private string _text = "";
    private long _typedAt;
    private string _action = "send";
    private readonly ProxyFields _proxy = new();
    private Room _room = new(0, 0, "");
    private IReadOnlyList<ReplyFile> _held = [];

    /// <summary>Files staged so far, whatever became of the request: who gives up deletes them.</summary>
    public IReadOnlyList<ReplyFile> Staged => _files;

    public Guid ConversationId { get; private set; }

    /// <summary>What was typed, as far as it has arrived.</summary>
    public string Text => _text;

    public Proxy? Proxy => _proxy.Typed;

    /// <summary>All of it, a line each.</summary>
    public string Words => string.Join('\n', new[] { Proxy?.Name, Proxy?.Relationship, _text }.Where(typed => !string.IsNullOrEmpty(typed)));

    public long TypedAt => _typedAt;

    public string Action => _action;

    /// <summary>Whether any file has come, whatever became of it.</summary>
    public bool HasFiles { get; private set; }

    /// <summary>Whether there is nothing more to be read.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Reads what stands before the first file: in our form all that was typed.</summary>
    public async Task ReadWordsAsync(HttpContext context, CancellationToken cancellation)
    {
        var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(context.Request.ContentType).Boundary).Value
            ?? throw new BadHttpRequestException("The form has no boundary.");
        if (boundary.Length is 0 or > MaxBoundary)
            throw new BadHttpRequestException("The form has no boundary that can be used.");
        _reader = new MultipartReader(boundary, context.Request.Body) { BodyLengthLimit = null };
        while (await NextAsync(cancellation) is { } section)
        {
            if (NameOf(section) is (_, true))
            {
                _firstFile = section;
                return;
            }
            await ReadPartAsync(section, context, dataKey: null, cancellation);
        }
    }

    /// <summary>Reads the whole, or the rest after <see cref="ReadWordsAsync"/>.</summary>
    /// <param name="dataKey">Null: files are read and dropped, because nobody may store any.</param>
    /// <param name="held">The files of the draft so far.</param>
    /// <exception cref="FileStoreUnavailableException">Files could not be stored; everything was read all the same.</exception>
    public async Task<ReceivedReply> ReadAsync(
        HttpContext context, Guid conversationId, byte[]? dataKey, Room room, IReadOnlyList<ReplyFile> held, CancellationToken cancellation)
    {
        (ConversationId, _room, _held) = (conversationId, room, held);
        if (_reader is null)
            await ReadWordsAsync(context, cancellation);
        _mayFail = true;
        foreach (var token in _tokens)
            await CheckAsync(token, context);
        for (var section = _firstFile; section is not null; section = await NextAsync(cancellation))
            await ReadPartAsync(section, context, dataKey, cancellation);
        if (_storeFailure is not null)
            throw _storeFailure;
        Digest(_text, _proxy.Typed?.Name, _proxy.Typed?.Relationship);
        return new(_isFromOurForm, _text, _typedAt, _action, _files, _refused, Convert.ToHexStringLower(_digest.GetHashAndReset()), _proxy.Typed);
    }

    /// <summary>Reads the rest and drops its files: a browser listens for the answer only when it has sent everything.</summary>
    public async Task DrainAsync(HttpContext context, CancellationToken cancellation)
    {
        if (IsAtEnd)
            return;
        _tokens.Clear();
        await ReadAsync(context, ConversationId, dataKey: null, new(0, 0, ""), [], cancellation);
    }

    /// <summary>Whatever was taken in is now in a draft, or on its way out.</summary>
    public void Dispose()
    {
        inFlight.Remove(ConversationId, _reserved);
        _digest.Dispose();
    }

    private async Task CheckAsync(string token, HttpContext context)
    {
        context.Request.Headers["RequestVerificationToken"] = token;
        // What was taken stays taken, whatever a second one holds.
        _isFromOurForm |= !_hasLostFile && await antiforgery.IsRequestValidAsync(context);
    }

    private async Task<MultipartSection?> NextAsync(CancellationToken cancellation)
    {
        var section = await Readable(() => _reader!.ReadNextSectionAsync(cancellation));
        IsAtEnd = section is null;
        if (section is not null && ++_parts > MaxParts)
            throw new BadHttpRequestException("The form has too many parts.");
        return section;
    }

    /// <summary>The multipart reader has words of its own for a form that ends too early, or is none.</summary>
    private static async Task<T> Readable<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not (BadHttpRequestException or FileStoreUnavailableException))
        {
            throw new BadHttpRequestException("The form cannot be read to its end.", e);
        }
    }

    private Task<bool> ReadPartAsync(MultipartSection section, HttpContext context, byte[]? dataKey, CancellationToken cancellation) => Readable(async () =>
    {
        switch (NameOf(section))
        {
            case (var name, true):
                // A browser sends a nameless one for each box where nothing was chosen.
                HasFiles |= !string.IsNullOrEmpty(name);
                await ReadFileAsync(name, section.Body, _isFromOurForm ? dataKey : null, cancellation);
                break;
            case (var name, false):
                await ReadFieldAsync(name, section.Body, context, cancellation);
                break;
        }
        return true;
    });

    /// <summary>Null for a part that does not say what it is.</summary>
    private static (string? Name, bool IsFile)? NameOf(MultipartSection section) =>
        ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) ? NameOf(disposition) : null;

    private static (string? Name, bool IsFile) NameOf(ContentDispositionHeaderValue disposition)
    {
        try
        {
            return !disposition.IsFileDisposition() ? (HeaderUtilities.RemoveQuotes(disposition.Name).Value, false)
                : (disposition.FileNameStar.HasValue ? disposition.FileNameStar.Value : HeaderUtilities.RemoveQuotes(disposition.FileName).Value, true);
        }
        catch (NotSupportedException e)
        {
            throw new BadHttpRequestException("A name in the form is in UTF-7, which is not read any more.", e);
        }
    }

    /// <summary>As JSON, so that no two lists of words look the same.</summary>
    private void Digest(params string?[] words) => _digest.AppendData(JsonSerializer.SerializeToUtf8Bytes(words));

    private bool HasRoom => _files.Count < FileRules.MaxFiles && Attachment.New(_files, _held).Count < _room.Left;

    /// <summary>Other requests of the conversation may be taking files in at this moment.</summary>
    private bool Reserve()
    {
        if (!inFlight.TryAdd(ConversationId, _room.Free))
        {
            _room = _room with { Beyond = Say("file.elsewhere") };
            return false;
        }
        _reserved++;
        return true;
    }

    private async Task ReadFieldAsync(string? name, Stream body, HttpContext context, CancellationToken cancellation)
    {
        if (++_fields > MaxFields)
            throw new BadHttpRequestException("The form has too many fields.");
        var value = await ReadTextAsync(body, cancellation);
        switch (name)
        {
            case "__RequestVerificationToken":
                // Its key may have to be read from the database: the words come first.
                if (_mayFail)
                    await CheckAsync(value, context);
                else
                    _tokens.Add(value);
                break;
            case "text":
                _text = PlainText.Clean(value);
                break;
            case "typed":
                _typedAt = KeptText.Instant(value);
                break;
            case "action":
                // Whatever else somebody makes up keeps what was written and sends nothing.
                _action = value is "send" or "delete" || value.StartsWith("remove:", StringComparison.Ordinal) || value.StartsWith("language:", StringComparison.Ordinal)
                    ? value : "keep";
                break;
            default:
                _proxy.Take(name, value);
                break;
        }
    }

    private async Task ReadFileAsync(string? name, Stream body, byte[]? dataKey, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(name) || dataKey is null || _storeFailure is not null || !HasRoom || _refused.Count >= MaxRefused || !Reserve())
        {
            // Read all the same: a client listens for the answer only when it has sent everything, and a repeat is known by its bytes.
            var sha256 = ConversationId == Guid.Empty ? await PassOverAsync(body, cancellation) : await DrainAsync(body, cancellation);
            if (string.IsNullOrEmpty(name))
                return;
            Digest(name, sha256);
            _hasLostFile |= !_isFromOurForm;
            if (dataKey is not null && _refused.Count < MaxRefused && !_held.Concat(_files).Any(file => Attachment.IsSame(file, FileRecognition.NameFor(file.Kind, SafeFileName.Of(name)), sha256)))
                _refused.Add(RefusedFile.TooMany(SafeFileName.Of(name), _room));
            return;
        }
        try
        {
            var taken = await intake.TakeAsync(ConversationId, dataKey, name, body, cancellation);
            if (taken.File is { } file)
            {
                _files.Add(Attachment.Of(file));
                Digest(name, file.Sha256);
            }
            else
            {
                _refused.Add(RefusedFile.Of(taken.Name, taken.Problem!.Value));
            }
        }
        catch (FileStoreUnavailableException e)
        {
            // Told when the words that come behind this file have been read as well.
            _storeFailure = e;
        }
    }

    private static async Task<string> ReadTextAsync(Stream body, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await body.ReadAsync(buffer, cancellation)) > 0;)
            bytes.Write(buffer, 0, Math.Min(read, MaxFieldBytes - (int)bytes.Length));
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>What belongs to no conversation is compared with nothing.</summary>
    private static async Task<string> PassOverAsync(Stream body, CancellationToken cancellation)
    {
        await body.CopyToAsync(Stream.Null, cancellation);
        return "";
    }

    private static async Task<string> DrainAsync(Stream body, CancellationToken cancellation) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(body, cancellation));
}
