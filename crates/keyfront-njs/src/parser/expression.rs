//! Parses expressions by precedence.

use super::token::{TokenKind, Word};
use super::{BoxedError, Nesting, ParseResult, Parser};
use crate::construct::Construct;

/// What an expression is, as far as what may follow it depends on that.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Node {
    Name,
    Property,
    Eval,
    Arguments,
    Number,
    /// An array or an object; other engines take it for a pattern when it is assigned to.
    Literal,
    LogicalOr,
    LogicalAnd,
    /// `a in b`, and whether `a` could be assigned to.
    In {
        assignable: bool,
    },
    Other,
}

impl Node {
    pub(super) fn is_assignable(self) -> bool {
        matches!(self, Node::Name | Node::Property)
    }
}

/// How tightly the operators of two sides bind, `**` and `??` apart.
fn precedence(kind: TokenKind) -> Option<u8> {
    Some(match kind {
        TokenKind::LogicalOr => 1,
        TokenKind::LogicalAnd => 2,
        TokenKind::BitOr => 3,
        TokenKind::BitXor => 4,
        TokenKind::BitAnd => 5,
        TokenKind::Equality => 6,
        TokenKind::Relation | TokenKind::Word(Word::In | Word::Instanceof) => 7,
        TokenKind::Shift => 8,
        TokenKind::Plus | TokenKind::Minus => 9,
        TokenKind::Star | TokenKind::Slash | TokenKind::Percent => 10,
        _ => return None,
    })
}

const LOGICAL_OR: u8 = 1;
const BIT_OR: u8 = 3;

impl Parser<'_> {
    /// Expressions with commas between them.
    pub(super) fn expression(&mut self) -> ParseResult<Node> {
        let first = self.assignment()?;
        self.commas(first)
    }

    fn commas(&mut self, first: Node) -> ParseResult<Node> {
        let mut node = first;
        while self.take(TokenKind::Comma) {
            self.assignment()?;
            node = Node::Other;
        }
        Ok(node)
    }

    /// Goes on with an expression whose first operand has been read.
    pub(super) fn expression_from(&mut self, operand: Node) -> ParseResult<Node> {
        let node = self.conditional(Some(operand))?;
        let node = self.assign(node)?;
        self.commas(node)
    }

    pub(super) fn assignment(&mut self) -> ParseResult<Node> {
        self.nested(|parser| {
            if parser.is_arrow_function() {
                return parser.arrow_function();
            }
            let node = parser.conditional(None)?;
            parser.assign(node)
        })
    }

    fn assign(&mut self, target: Node) -> ParseResult<Node> {
        let operator = self.lexer.current();
        if !matches!(operator.kind, TokenKind::Assign | TokenKind::AssignWith | TokenKind::DivideWith) {
            return Ok(target);
        }
        let restricted = match target {
            Node::Eval => "eval",
            Node::Arguments => "arguments",
            _ if target.is_assignable() => {
                self.lexer.consume();
                self.assignment()?;
                return Ok(Node::Other);
            }
            _ => {
                let error = self.reference_error("Invalid left-hand side in assignment", operator.at);
                let is_pattern = target == Node::Literal;
                return Err(if is_pattern { error.with_construct(Construct::Destructuring) } else { error });
            }
        };
        Err(self.error(format!("Identifier \"{restricted}\" is forbidden as left-hand in assignment")))
    }

    fn conditional(&mut self, operand: Option<Node>) -> ParseResult<Node> {
        let condition = self.coalesce(operand)?;
        if !self.take(TokenKind::Question) {
            return Ok(condition);
        }
        self.lexer.allow_in();
        self.assignment()?;
        if !self.is(TokenKind::Colon) {
            return Err(self.unexpected());
        }
        self.lexer.end_allow_in();
        self.lexer.consume();
        self.assignment()?;
        Ok(Node::Other)
    }

    fn coalesce(&mut self, operand: Option<Node>) -> ParseResult<Node> {
        let mut node = self.binary(LOGICAL_OR, operand)?;
        let mut right = node;
        let depth = self.depth;
        while self.is(TokenKind::Coalesce) {
            let mixed = matches!(right, Node::LogicalOr | Node::LogicalAnd);
            if mixed && self.lexer.before() != TokenKind::CloseParen {
                return Err(self.unexpected());
            }
            self.lexer.consume();
            self.descend(Nesting::Row)?;
            right = self.binary(BIT_OR, None)?;
            node = Node::Other;
        }
        self.depth = depth;
        Ok(node)
    }

    /// Operators that bind at least so tightly.
    fn binary(&mut self, least: u8, operand: Option<Node>) -> ParseResult<Node> {
        let mut node = match operand {
            Some(operand) => self.postfix(operand)?,
            None => self.power()?,
        };
        let depth = self.depth;
        loop {
            let operator = self.kind();
            let Some(strength) = precedence(operator).filter(|strength| *strength >= least) else { break };
            if operator == TokenKind::Word(Word::In) && self.lexer.is_in_forbidden() {
                return Err(self.error("Invalid left-hand side in for-loop"));
            }
            self.lexer.consume();
            self.descend(Nesting::Row)?;
            self.binary(strength + 1, None)?;
            node = match operator {
                TokenKind::LogicalOr => Node::LogicalOr,
                TokenKind::LogicalAnd => Node::LogicalAnd,
                TokenKind::Word(Word::In) => Node::In { assignable: node.is_assignable() },
                _ => Node::Other,
            };
        }
        self.depth = depth;
        Ok(node)
    }

    fn power(&mut self) -> ParseResult<Node> {
        let base = self.unary()?;
        if base.1 && self.take(TokenKind::Power) {
            self.nested(Parser::power)?;
            return Ok(Node::Other);
        }
        Ok(base.0)
    }

    /// The second part is whether `**` may follow.
    fn unary(&mut self) -> ParseResult<(Node, bool)> {
        let operator = self.kind();
        match operator {
            TokenKind::Word(Word::Delete | Word::Void | Word::Typeof)
            | TokenKind::Plus
            | TokenKind::Minus
            | TokenKind::Tilde
            | TokenKind::Not => {}
            TokenKind::Word(Word::Await) => {
                if let Err((message, construct)) = self.scopes.awaiting() {
                    return Err(self.error(message).with_construct(construct));
                }
                self.lexer.consume();
                self.nested(Parser::power)?;
                return Ok((Node::Other, true));
            }
            _ => return Ok((self.update()?, true)),
        }
        self.lexer.consume();
        let (node, _) = self.nested(Parser::unary)?;
        if self.is(TokenKind::Power) {
            return Err(self.error("Either left-hand side or entire exponentiation must be parenthesized"));
        }
        if node == Node::Number && matches!(operator, TokenKind::Plus | TokenKind::Minus) {
            return Ok((Node::Number, false));
        }
        if node == Node::Name && operator == TokenKind::Word(Word::Delete) {
            return Err(self.error("Delete of an unqualified identifier"));
        }
        Ok((Node::Other, false))
    }

    fn update(&mut self) -> ParseResult<Node> {
        if !matches!(self.kind(), TokenKind::Increment | TokenKind::Decrement) {
            let node = self.left_hand_side()?;
            return self.postfix(node);
        }
        self.lexer.consume();
        let node = self.left_hand_side()?;
        if node.is_assignable() {
            return Ok(Node::Other);
        }
        let at = self.lexer.current().at;
        Err(self.reference_error("Invalid left-hand side in prefix operation", at))
    }

    fn postfix(&mut self, node: Node) -> ParseResult<Node> {
        let operator = self.lexer.current();
        if !matches!(operator.kind, TokenKind::Increment | TokenKind::Decrement)
            || self.lexer.before() == TokenKind::LineEnd
        {
            return Ok(node);
        }
        self.lexer.consume();
        if node.is_assignable() {
            return Ok(Node::Other);
        }
        Err(self.reference_error("Invalid left-hand side in postfix operation", operator.at))
    }

    /// Calls, members and `new`.
    pub(super) fn left_hand_side(&mut self) -> ParseResult<Node> {
        let first = self.kind();
        if first == TokenKind::Word(Word::New) && self.lexer.peek(1).kind == TokenKind::Word(Word::New) {
            let node = self.nested_new()?;
            return self.call(node);
        }
        if matches!(first, TokenKind::Word(Word::Super | Word::Import)) {
            self.lexer.peek(1);
            let construct =
                if first == TokenKind::Word(Word::Import) { Construct::Import } else { Construct::Class };
            return Err(self.not_supported().with_construct(construct));
        }
        let node = if self.take(TokenKind::Word(Word::New)) {
            self.new_operand()?;
            self.constructor_arguments()?;
            self.members(Node::Other)?
        } else {
            let node = self.primary()?;
            self.members(node)?
        };
        self.call(node)
    }

    /// `new new A()()`: njs has no member access behind this.
    fn nested_new(&mut self) -> ParseResult<Node> {
        let depth = self.depth;
        let mut count = 0;
        while self.take(TokenKind::Word(Word::New)) {
            self.descend(Nesting::Nested)?;
            count += 1;
        }
        self.new_operand()?;
        for _ in 0..count {
            self.constructor_arguments()?;
        }
        self.depth = depth;
        Ok(Node::Other)
    }

    /// What stands behind `new`.
    fn new_operand(&mut self) -> ParseResult<()> {
        match self.kind() {
            TokenKind::Dot => Err(self.unexpected().with_construct(Construct::NewTarget)),
            TokenKind::Word(Word::Super | Word::Import) => {
                Err(self.not_supported().with_construct(Construct::Class))
            }
            _ => {
                let node = self.primary()?;
                self.members(node)?;
                Ok(())
            }
        }
    }

    fn constructor_arguments(&mut self) -> ParseResult<()> {
        if self.take(TokenKind::OpenParen) { self.arguments() } else { Ok(()) }
    }

    fn members(&mut self, first: Node) -> ParseResult<Node> {
        let mut node = first;
        let depth = self.depth;
        while let Some(next) = self.member()? {
            self.descend(Nesting::Row)?;
            node = next;
        }
        self.depth = depth;
        Ok(node)
    }

    /// One member access, if there is one.
    fn member(&mut self) -> ParseResult<Option<Node>> {
        match self.kind() {
            TokenKind::OpenBracket => {
                self.lexer.consume();
                self.expression()?;
                self.expect(TokenKind::CloseBracket)?;
                Ok(Some(Node::Property))
            }
            TokenKind::Dot => {
                let is_name = self.lexer.peek(1).kind.is_identifier_name();
                self.lexer.consume();
                if !is_name {
                    return Err(self.unexpected());
                }
                self.lexer.consume();
                Ok(Some(Node::Property))
            }
            TokenKind::Backtick => {
                self.template(true)?;
                Ok(Some(Node::Other))
            }
            _ => Ok(None),
        }
    }

    /// What follows a member expression: calls and their members.
    fn call(&mut self, first: Node) -> ParseResult<Node> {
        let mut node = first;
        let depth = self.depth;
        if self.take(TokenKind::OpenParen) {
            self.arguments()?;
            node = Node::Other;
            if !self.is_optional_chain() {
                loop {
                    self.descend(Nesting::Row)?;
                    if self.take(TokenKind::OpenParen) {
                        self.arguments()?;
                        node = Node::Other;
                    } else if let Some(next) = self.member()? {
                        node = next;
                    } else {
                        self.depth = depth;
                        return Ok(node);
                    }
                }
            }
        }
        if self.is_optional_chain() {
            return Err(self.optional_chain().with_construct(Construct::OptionalChain));
        }
        Ok(node)
    }

    fn is_optional_chain(&mut self) -> bool {
        self.is(TokenKind::Question) && self.lexer.peek(1).kind == TokenKind::Dot
    }

    /// njs sees `?` and `.`, and has the beginning of what is needed to go on; it never gets to the end.
    fn optional_chain(&mut self) -> BoxedError {
        while self.is_optional_chain() {
            self.lexer.consume();
            if !self.lexer.peek(1).kind.is_identifier_name() {
                self.lexer.consume();
                return self.unexpected();
            }
            self.lexer.consume();
            self.lexer.consume();
        }
        self.unexpected()
    }

    /// The arguments of a call, behind the parenthesis.
    pub(super) fn arguments(&mut self) -> ParseResult<()> {
        if self.take(TokenKind::CloseParen) {
            return Ok(());
        }
        self.scopes.in_arguments(true);
        loop {
            self.assignment()?;
            if !self.take(TokenKind::Comma) || self.is(TokenKind::CloseParen) {
                break;
            }
        }
        self.scopes.in_arguments(false);
        self.expect(TokenKind::CloseParen)
    }
}
